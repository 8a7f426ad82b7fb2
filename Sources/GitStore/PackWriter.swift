/// Makes a pack and its index in memory (gitformat-pack).
///
/// Trees come in the order of the history and are kept as what differs from an earlier one. Which one that is, says their
/// number: written with the base 16, its last digit that is not zero less one. So the chains stay short, however many trees
/// there are, and nearly all differences are those of one change.
struct PackWriter {
    /// The pack, but for the number of its objects and its sum.
    private(set) var bytes: [UInt8] = PackFile.head + BigEndian.bytes(0)
    private var places: [ObjectID: Int] = [:]
    private var order: [(id: ObjectID, offset: Int)] = []
    /// Where the trees lie, in the order of the history.
    private var trees: [Int] = []
    /// Of how many others, one after the other, a difference is made.
    private var depths: [Int: Int] = [:]
    /// Trees that were just added or expanded, by their numbers.
    private var recent: [Int: [UInt8]] = [:]
    private let compressor: Deflater
    /// Large trees are hardly smaller with more effort: they are names of objects, and names made up by programs.
    private let quickCompressor: Deflater

    private static let largeBytes = 64 << 10
    private static let digit = 16
    /// Trees are not made of others that have so many before them.
    private static let deepest = 50

    init() throws(GitError) {
        self.compressor = try Deflater(level: 6)
        self.quickCompressor = try Deflater(level: 1)
    }

    /// How many objects there are.
    var count: Int { order.count }

    func contains(_ id: ObjectID) -> Bool { places[id] != nil }

    // MARK: - Adding

    /// Adds all objects of another pack that are not there, compressed as they are but for large trees that are whole.
    mutating func append(_ pack: PackFile) throws(GitError) {
        // Where objects of the other pack lie now, and whether they are trees.
        var moved: [Int: (offset: Int, isTree: Bool)] = [:]
        moved.reserveCapacity(pack.entries.count)
        for entry in pack.entries {
            let base = entry.base.flatMap { moved[$0] }
            let isTree = base?.isTree ?? (entry.type == .tree)
            if let known = places[entry.id] {
                moved[entry.offset] = (known, isTree)
                continue
            }
            if isTree, !trees.isEmpty, let content = content(of: entry, in: pack, from: base?.offset) {
                try append(tree: entry.id, content)
                moved[entry.offset] = (trees[trees.count - 1], true)
                continue
            }
            let offset = begin(entry.id, entry.type, entry.size, from: base?.offset)
            bytes += pack.bytes[entry.content]
            moved[entry.offset] = (offset, isTree)
            if isTree { trees.append(offset) }
        }
    }

    /// The bytes of a tree of another pack that is not to be kept as it is: whole though it is large, or made of `base`
    /// here by a difference too many; nil for others.
    private func content(of entry: PackFile.Entry, in pack: PackFile, from base: Int?) -> [UInt8]? {
        guard base.map({ depths[$0, default: 0] >= Self.deepest }) ?? (entry.size >= Self.largeBytes),
            let bytes = Inflate.bytes(of: pack.bytes, at: entry.content.lowerBound, count: entry.size)?.bytes
        else { return nil }
        guard let base else { return bytes }
        return expand(base).flatMap { TreeDelta.apply(bytes, to: $0) }
    }

    /// Adds an object that is not there.
    mutating func append(_ id: ObjectID, _ type: PackObjectType, _ content: [UInt8]) throws(GitError) {
        if type == .tree { return try append(tree: id, content) }
        begin(id, type, content.count, from: nil)
        try compressor.append(content, to: &bytes)
    }

    private mutating func append(tree id: ObjectID, _ content: [UInt8]) throws(GitError) {
        let number = trees.count
        defer { remember(number, content) }
        let usual = Self.base(of: number)
        let base = usual.map { depths[trees[$0], default: 0] < Self.deepest ? $0 : 0 }
        if let base, let old = tree(base) {
            let delta = TreeDelta.bytes(from: old, to: content)
            // A pack has what it says, whatever is wrong with the program.
            if delta.count < content.count / 2, TreeDelta.apply(delta, to: old) == content {
                trees.append(begin(id, .difference, delta.count, from: trees[base]))
                try compressor.append(delta, to: &bytes)
                return
            }
        }
        trees.append(begin(id, .tree, content.count, from: nil))
        try (content.count < Self.largeBytes ? compressor : quickCompressor).append(content, to: &bytes)
    }

    /// Says that an object that is there already has these bytes, which are then not expanded when the next tree is added.
    mutating func remember(_ id: ObjectID, _ content: [UInt8]) {
        if let last = trees.last, places[id] == last { remember(trees.count - 1, content) }
    }

    /// Keeps the bytes of the last tree, and of others only as long as a later one may be made of them.
    private mutating func remember(_ number: Int, _ content: [UInt8]) {
        recent[number] = content
        recent = recent.filter { known in
            var step = Self.digit
            while step <= number {
                if known.key == number / step * step { return true }
                step *= Self.digit
            }
            return known.key == number
        }
    }

    /// The number of the tree that the tree of this number is made of.
    static func base(of number: Int) -> Int? {
        if number == 0 { return nil }
        var step = 1
        while number % (step * digit) == 0 { step *= digit }
        return number - step
    }

    /// The bytes of the tree of this number; nil when they cannot be expanded.
    private mutating func tree(_ number: Int) -> [UInt8]? {
        if let known = recent[number] { return known }
        let expanded = expand(trees[number])
        if let expanded { recent[number] = expanded }
        return expanded
    }

    /// Writes what stands before the compressed bytes; returns where that is.
    @discardableResult
    private mutating func begin(
        _ id: ObjectID, _ type: PackObjectType, _ size: Int, from base: Int?
    ) -> Int {
        let offset = bytes.count
        bytes += PackFile.head(type, size, distance: base.map { offset - $0 })
        if let base { depths[offset] = depths[base, default: 0] + 1 }
        places[id] = offset
        order.append((id, offset))
        return offset
    }

    // MARK: - Reading

    /// The bytes of the object at `offset`.
    ///
    /// - Complexity: O(n) in the number of differences, each as long as the object.
    private func expand(_ offset: Int) -> [UInt8]? {
        var deltas: [[UInt8]] = []
        var at = offset
        while let entry = PackFile.entry(bytes, ObjectID.emptyTree, at..<bytes.count),
            let content = Inflate.bytes(of: bytes, at: entry.content.lowerBound, count: entry.size)?.bytes
        {
            guard let base = entry.base else {
                var whole = content
                for delta in deltas.reversed() {
                    guard let next = TreeDelta.apply(delta, to: whole) else { return nil }
                    whole = next
                }
                return whole
            }
            deltas.append(content)
            at = base
        }
        return nil
    }

    // MARK: - The end

    /// The bytes of the pack and of its index.
    mutating func finish() throws(GitError) -> (pack: [UInt8], index: [UInt8], id: ObjectID) {
        let tables = tables()
        let id = try bytes.finishPack(of: order.count)
        return (bytes, try tables.index(of: id), id)
    }

    /// What the index tells of the objects.
    private func tables() -> PackTables {
        var tables = PackTables()
        for number in order.indices.sorted(by: { order[$0].id.precedes(order[$1].id) }) {
            let (id, offset) = order[number]
            let next = number + 1 < order.count ? order[number + 1].offset : bytes.count
            tables.insert(id, sum: bytes.crc32(offset..<next), offset: offset)
        }
        return tables
    }
}
