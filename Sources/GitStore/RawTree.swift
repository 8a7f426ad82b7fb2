import Glibc
import Store

/// A tree object as Git stores it, found through without taking it apart.
///
/// The bytes stay as they are, so that modes and names this program would not write survive a write next to them.
struct RawTree {
    /// One entry: where it and its parts are in `bytes`.
    struct Entry {
        let start: Int32
        let nameStart: Int32
        /// Where the name ends; the NUL stands here, the object's name behind it.
        let nameEnd: Int32

        /// Where the next entry starts.
        var end: Int { Int(nameEnd) + 1 + ObjectID.size }
        var name: Range<Int> { Int(nameStart)..<Int(nameEnd) }

        /// The same entry in a tree where it stands `distance` bytes further on.
        func moved(by distance: Int) -> Entry {
            let distance = Int32(truncatingIfNeeded: distance)
            return Entry(
                start: start + distance, nameStart: nameStart + distance, nameEnd: nameEnd + distance)
        }
    }

    let id: ObjectID
    let bytes: [UInt8]
    /// All entries in the tree's own order: by name, where a tree's name counts as if it ended in `/`.
    let entries: [Entry]
    /// Entries that are items (regular files of a servable name), by the bytes of their names.
    let items: [Entry]
    /// False for a damaged tree whose entries are out of order.
    private let isSorted: Bool
    /// True when the items are in the order of the entries.
    let itemsAreInOrder: Bool
    /// The tree that this one was made of, and how many bytes are the same at the start and, behind those, at the end.
    private let origin: Origin?

    private struct Origin {
        let id: ObjectID
        let prefix: Int
        let suffix: Int
    }

    static let empty = RawTree(
        id: .emptyTree, bytes: [], entries: [], items: [], isSorted: true, itemsAreInOrder: true)

    private init(
        id: ObjectID, bytes: [UInt8], entries: [Entry], items: [Entry], isSorted: Bool, itemsAreInOrder: Bool,
        origin: Origin? = nil
    ) {
        self.id = id
        self.bytes = bytes
        self.entries = entries
        self.items = items
        self.isSorted = isSorted
        self.itemsAreInOrder = itemsAreInOrder
        self.origin = origin
    }

    init(id: ObjectID, bytes: [UInt8]) throws(GitError) {
        var parts = Parts()
        parts.entries.reserveCapacity(bytes.count / 48)
        parts.items.reserveCapacity(bytes.count / 48)
        var at = 0
        while at < bytes.count { at = try Self.read(bytes, at: at, into: &parts, id) }
        if !parts.itemsAreInOrder {
            parts.items.sort { Self.compareNames(bytes, $0.name, bytes, $1.name) < 0 }
        }
        self.init(
            id: id, bytes: bytes, entries: parts.entries, items: parts.items, isSorted: parts.isSorted,
            itemsAreInOrder: parts.itemsAreInOrder)
    }

    /// The entries of a tree that is being read.
    private struct Parts {
        var entries: [Entry] = []
        var items: [Entry] = []
        var isSorted = true
        var itemsAreInOrder = true
    }

    /// Reads the entry that starts at `at`; returns where the next one starts.
    private static func read(
        _ bytes: [UInt8], at: Int, into parts: inout Parts, _ id: ObjectID
    ) throws(GitError) -> Int {
        guard let space = Self.find(UInt8(ascii: " "), in: bytes, from: at),
            let nul = Self.find(0, in: bytes, from: space + 1),
            nul + ObjectID.size < bytes.count, nul > space + 1, space > at
        else { throw .malformed("tree \(id) is cut off") }
        let entry = Entry(start: Int32(at), nameStart: Int32(space + 1), nameEnd: Int32(nul))
        if let last = parts.entries.last, Self.compare(last, entry, in: bytes) >= 0 { parts.isSorted = false }
        parts.entries.append(entry)
        guard Self.isItem(entry, in: bytes) else { return entry.end }
        if let last = parts.items.last, Self.compareNames(bytes, last.name, bytes, entry.name) >= 0 {
            parts.itemsAreInOrder = false
        }
        parts.items.append(entry)
        return entry.end
    }

    /// Makes the tree of `bytes`, most of which are those of `base`: only what lies between the part at the start and
    /// the part at the end that are the same is read.
    ///
    /// `kept` is how many bytes are the same at the start and, behind those, at the end; found out when nil.
    init(
        id: ObjectID, bytes: [UInt8], like base: RawTree, keeping kept: (prefix: Int, suffix: Int)? = nil
    ) throws(GitError) {
        guard base.isSorted, base.itemsAreInOrder, !base.entries.isEmpty else {
            try self.init(id: id, bytes: bytes)
            return
        }
        let (prefix, suffix) = kept ?? Self.common(base.bytes, bytes)
        let kept = base.entries.partitioningIndex { $0.end > prefix }
        let shift = bytes.count - base.bytes.count
        // Neither part may overlap the other one in the shorter tree.
        let earliest = max(base.bytes.count - suffix, kept > 0 ? base.entries[kept - 1].end : 0)
        let resumed = base.entries.partitioningIndex { Int($0.start) >= earliest }
        let end = (resumed < base.entries.count ? Int(base.entries[resumed].start) : base.bytes.count) + shift
        let itemsKept = base.items.partitioningIndex { $0.end > prefix }
        let itemsResumed = base.items.partitioningIndex { Int($0.start) >= earliest }
        var parts = Parts()
        parts.entries.reserveCapacity(base.entries.count + 16)
        parts.items.reserveCapacity(base.items.count + 16)
        parts.entries.append(contentsOf: base.entries[..<kept])
        parts.items.append(contentsOf: base.items[..<itemsKept])
        var at = parts.entries.last?.end ?? 0
        while at < end { at = try Self.read(bytes, at: at, into: &parts, id) }
        let joins = parts.entries.last
        Self.append(base.entries[resumed...], movedBy: shift, to: &parts.entries)
        Self.append(base.items[itemsResumed...], movedBy: shift, to: &parts.items)
        let isInOrder =
            resumed == base.entries.count
            || joins.map { Self.compare($0, base.entries[resumed].moved(by: shift), in: bytes) < 0 } ?? true
        guard at == end, parts.isSorted, parts.itemsAreInOrder, isInOrder else {
            try self.init(id: id, bytes: bytes)
            return
        }
        self.init(
            id: id, bytes: bytes, entries: parts.entries, items: parts.items, isSorted: true,
            itemsAreInOrder: true, origin: Origin(id: base.id, prefix: prefix, suffix: suffix))
    }

    private static func append(
        _ slice: ArraySlice<Entry>, movedBy distance: Int, to entries: inout [Entry]
    ) {
        let first = entries.count
        entries.append(contentsOf: slice)
        if distance == 0 { return }
        unsafe entries.withUnsafeMutableBufferPointer { buffer in
            for index in first..<buffer.count {
                unsafe buffer[index] = unsafe buffer[index].moved(by: distance)
            }
        }
    }

    /// How many bytes are the same at the start and, behind those, at the end.
    static func common(_ left: [UInt8], _ right: [UInt8]) -> (prefix: Int, suffix: Int) {
        let count = min(left.count, right.count)
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                var prefix = 0
                while prefix + 8 <= count,
                    unsafe left.loadUnaligned(fromByteOffset: prefix, as: UInt64.self)
                        == right.loadUnaligned(fromByteOffset: prefix, as: UInt64.self)
                {
                    prefix += 8
                }
                while prefix < count, unsafe left[prefix] == right[prefix] { prefix += 1 }
                var suffix = 0
                let rest = count - prefix
                while suffix + 8 <= rest,
                    unsafe left.loadUnaligned(fromByteOffset: left.count - suffix - 8, as: UInt64.self)
                        == right.loadUnaligned(fromByteOffset: right.count - suffix - 8, as: UInt64.self)
                {
                    suffix += 8
                }
                while suffix < rest, unsafe left[left.count - suffix - 1] == right[right.count - suffix - 1] {
                    suffix += 1
                }
                return (prefix, suffix)
            }
        }
    }

    func mode(_ entry: Entry) -> UInt32 { Self.mode(entry, in: bytes) }

    func objectID(_ entry: Entry) -> ObjectID { ObjectID(bytes, at: Int(entry.nameEnd) + 1) }

    func name(_ entry: Entry) -> [UInt8] { Array(bytes[entry.name]) }

    /// The item of that name; O(log n).
    func item(named name: [UInt8]) -> Entry? {
        let index = items.partitioningIndex { Self.compareNames(bytes, $0.name, name, 0..<name.count) >= 0 }
        guard index < items.count, Self.compareNames(bytes, items[index].name, name, 0..<name.count) == 0
        else {
            return nil
        }
        return items[index]
    }

    /// How many bytes are the same at the start and, behind those, at the end; nil when this tree was not made of `old`.
    func kept(of old: RawTree) -> (prefix: Int, suffix: Int)? {
        origin.flatMap { $0.id == old.id ? ($0.prefix, $0.suffix) : nil }
    }

    /// The items of two trees but for those within what both have in common at the start and at the end.
    static func differingItems(_ old: RawTree, _ new: RawTree) -> (ArraySlice<Entry>, ArraySlice<Entry>) {
        guard old.itemsAreInOrder, new.itemsAreInOrder else { return (old.items[...], new.items[...]) }
        let (prefix, suffix) =
            new.kept(of: old) ?? common(old.bytes, new.bytes)
        let first = old.items.partitioningIndex { $0.end > prefix }
        let oldEnd = old.items.partitioningIndex { Int($0.start) >= old.bytes.count - suffix }
        let newEnd = new.items.partitioningIndex { Int($0.start) >= new.bytes.count - suffix }
        // The same bytes are the same entries if the first of them starts at the same byte.
        let rest = old.items.count - oldEnd
        let isSameRest =
            rest == new.items.count - newEnd
            && (rest == 0
                || old.bytes.count - Int(old.items[oldEnd].start)
                    == new.bytes.count - Int(new.items[newEnd].start))
        guard isSameRest, first <= oldEnd, first <= newEnd else {
            return (old.items[first...], new.items[first...])
        }
        return (old.items[first..<oldEnd], new.items[first..<newEnd])
    }

    /// The entry of that name, be it an item or not; O(log n) in a tree that is in order.
    func entry(named name: [UInt8]) -> Entry? {
        let whole = 0..<name.count
        if isSorted {
            for isTree in [false, true] {
                let index = position(of: name, isTree: isTree)
                if index < entries.count, Self.compareNames(bytes, entries[index].name, name, whole) == 0 {
                    return entries[index]
                }
            }
            return nil
        }
        return entries.first { Self.compareNames(bytes, $0.name, name, whole) == 0 }
    }

    /// Where an entry of that name is, or has to be put.
    func position(of name: [UInt8], isTree: Bool) -> Int {
        entries.partitioningIndex {
            Self.compare(
                bytes, $0.name, endsInSlash: Self.isTree($0, in: bytes), name, 0..<name.count,
                endsInSlash: isTree) >= 0
        }
    }
}

extension RawTree {
    static let treeMode: UInt32 = 0o40000
    static let fileMode: UInt32 = 0o100644
    static let executableMode: UInt32 = 0o100755

    static func mode(_ entry: Entry, in bytes: [UInt8]) -> UInt32 {
        var mode: UInt32 = 0
        for index in Int(entry.start)..<Int(entry.nameStart) - 1 {
            mode = mode << 3 | UInt32(bytes[index] & 7)
        }
        return mode
    }

    static func isTree(_ entry: Entry, in bytes: [UInt8]) -> Bool {
        mode(entry, in: bytes) & 0o170000 == treeMode
    }

    /// Compares two names by their bytes.
    static func compareNames(
        _ left: [UInt8], _ leftName: Range<Int>, _ right: [UInt8], _ rightName: Range<Int>
    ) -> Int {
        let order = unsafe left.withUnsafeBytes { leftBytes -> CInt in
            unsafe right.withUnsafeBytes { rightBytes -> CInt in
                guard let leftBase = leftBytes.baseAddress, let rightBase = rightBytes.baseAddress else {
                    return 0
                }
                return unsafe memcmp(
                    leftBase + leftName.lowerBound, rightBase + rightName.lowerBound,
                    min(leftName.count, rightName.count))
            }
        }
        return order != 0 ? Int(order) : leftName.count - rightName.count
    }

    /// True when two ranges have the same bytes.
    static func isSame(_ left: [UInt8], _ leftRange: Range<Int>, _ right: [UInt8], _ rightRange: Range<Int>)
        -> Bool
    {
        leftRange.count == rightRange.count && compareNames(left, leftRange, right, rightRange) == 0
    }

    /// Compares two names as Git orders a tree's entries.
    private static func compare(
        _ left: [UInt8], _ leftName: Range<Int>, endsInSlash leftSlash: Bool,
        _ right: [UInt8], _ rightName: Range<Int>, endsInSlash rightSlash: Bool
    ) -> Int {
        let common = min(leftName.count, rightName.count)
        let order = compareNames(
            left, leftName.prefix(common), right, rightName.prefix(common))
        if order != 0 { return order }
        func next(_ bytes: [UInt8], _ name: Range<Int>, _ slash: Bool) -> Int {
            if name.count > common { return Int(bytes[name.lowerBound + common]) }
            return slash ? Int(UInt8(ascii: "/")) : 0
        }
        let difference = next(left, leftName, leftSlash) - next(right, rightName, rightSlash)
        return difference != 0 ? difference : leftName.count - rightName.count
    }

    private static func compare(_ left: Entry, _ right: Entry, in bytes: [UInt8]) -> Int {
        // Nearly always two files whose order the plain names already decide.
        let order = compareNames(bytes, left.name, bytes, right.name)
        guard isTree(left, in: bytes) || isTree(right, in: bytes) else { return order }
        return compare(
            bytes, left.name, endsInSlash: isTree(left, in: bytes),
            bytes, right.name, endsInSlash: isTree(right, in: bytes))
    }

    private static func isItem(_ entry: Entry, in bytes: [UInt8]) -> Bool {
        guard bytes[Int(entry.start)] == UInt8(ascii: "1"), mode(entry, in: bytes) & 0o170000 == 0o100000,
            entry.name.count <= ItemName.maxBytes
        else { return false }
        let first = bytes[Int(entry.nameStart)]
        let name = bytes[entry.name]
        // Names are mostly ASCII without a chance of being reserved; only the others are looked at closely.
        if name.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "/") }), first != UInt8(ascii: "."),
            first | 0x20 != UInt8(ascii: "p")
        {
            return true
        }
        guard let text = String(validating: name, as: UTF8.self), let name = ItemName(text) else {
            return false
        }
        return !name.isReserved
    }

    private static func find(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard start < buffer.count, let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, CInt(byte), buffer.count - start)
            else { return nil }
            return unsafe base.distance(to: UnsafeRawPointer(found))
        }
    }
}

extension Array {
    /// The index of the first element from which on `isInSecondPart` holds; O(log n).
    func partitioningIndex(where isInSecondPart: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
