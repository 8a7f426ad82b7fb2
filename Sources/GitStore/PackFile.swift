import CLibgit2
import CZlib

/// A pack in memory, taken apart into its objects without expanding them (gitformat-pack).
struct PackFile {
    /// An object of the pack.
    struct Entry {
        let id: ObjectID
        /// What kind of object, or that it is a difference.
        let type: PackObjectType
        /// Bytes of the object, or of the difference, when expanded.
        let size: Int
        /// Where in the pack that is of which this is the difference; always before this.
        let base: Int?
        let offset: Int
        /// The compressed bytes.
        let content: Range<Int>
    }

    let bytes: [UInt8]
    /// In the order in which they lie in the pack.
    let entries: [Entry]

    /// Reads a pack and its index.
    ///
    /// - Returns: nil when it is damaged, or not made of what is known here: differences from objects that are named.
    init?(_ bytes: [UInt8], _ index: PackIndex) throws(GitError) {
        let end = bytes.count - ObjectID.size
        guard end >= Self.headBytes, bytes.starts(with: Self.head),
            try ObjectID(ofBytes: bytes, count: end) == ObjectID(bytes, at: end)
        else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(index.places.count)
        for (number, place) in index.places.enumerated() {
            let next = number + 1 < index.places.count ? index.places[number + 1].offset : end
            guard place.offset >= Self.headBytes, place.offset < next, next <= end,
                let entry = Self.entry(bytes, place.id, place.offset..<next)
            else { return nil }
            entries.append(entry)
        }
        self.bytes = bytes
        self.entries = entries
    }

    /// What a pack of version 2 begins with; the number of its objects comes next.
    static let head = Array("PACK".utf8) + [0, 0, 0, 2]
    static let headBytes = 12

    /// What stands before the compressed bytes of an object, or of a difference from what lies `distance` bytes before.
    static func head(_ type: PackObjectType, _ size: Int, distance: Int? = nil) -> [UInt8] {
        var head: [UInt8] = []
        var rest = size >> 4
        var byte = type.rawValue << 4 | UInt8(size & 15)
        while rest > 0 {
            head.append(byte | 0x80)
            byte = UInt8(rest & 0x7f)
            rest >>= 7
        }
        head.append(byte)
        guard var distance else { return head }
        var digits = [UInt8(distance & 0x7f)]
        distance >>= 7
        while distance > 0 {
            distance -= 1
            digits.append(UInt8(distance & 0x7f) | 0x80)
            distance >>= 7
        }
        return head + digits.reversed()
    }

    /// The object in a range of a pack; nil when it is damaged, or not of a known type.
    static func entry(_ bytes: [UInt8], _ id: ObjectID, _ range: Range<Int>) -> Entry? {
        var at = range.lowerBound
        let first = bytes[at]
        at += 1
        guard let type = PackObjectType(rawValue: first >> 4 & 7) else { return nil }
        var size = Int(first & 15)
        var shift = 4
        var last = first
        while last & 0x80 != 0 {
            guard at < range.upperBound, shift < 56 else { return nil }
            last = bytes[at]
            at += 1
            size |= Int(last & 0x7f) << shift
            shift += 7
        }
        var base: Int?
        if type == .difference {
            guard at < range.upperBound else { return nil }
            var byte = bytes[at]
            at += 1
            var distance = Int(byte & 0x7f)
            while byte & 0x80 != 0 {
                guard at < range.upperBound, distance < 1 << 48 else { return nil }
                byte = bytes[at]
                at += 1
                distance = (distance + 1) << 7 | Int(byte & 0x7f)
            }
            guard distance > 0, distance <= range.lowerBound - headBytes else { return nil }
            base = range.lowerBound - distance
        }
        return Entry(
            id: id, type: type, size: size, base: base, offset: range.lowerBound,
            content: at..<range.upperBound)
    }
}

/// What an object in a pack is (gitformat-pack).
enum PackObjectType: UInt8 {
    case commit = 1
    case tree = 2
    case blob = 3
    case tag = 4
    /// What differs from another object of the pack, which is found by its distance.
    case difference = 6
}

extension PackObjectType {
    /// The type in a pack of an object of a type that libgit2 knows.
    init?(_ type: git_object_t) {
        switch type {
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TAG: self = .tag
        default: return nil
        }
    }
}

extension [UInt8] {
    /// Puts the number of objects into a pack, and its sum behind it, which is returned.
    mutating func finishPack(of count: Int) throws(GitError) -> ObjectID {
        replaceSubrange(PackFile.head.count..<PackFile.headBytes, with: BigEndian.bytes(UInt32(count)))
        let id = try ObjectID(ofBytes: self)
        self += id.bytes
        return id
    }

    /// The sum that an index has of the bytes of an object in a pack.
    func crc32(_ range: Range<Int>) -> UInt32 {
        unsafe withUnsafeBufferPointer { buffer in
            unsafe shim_crc32(buffer.baseAddress.map { unsafe $0 + range.lowerBound }, range.count)
        }
    }
}
