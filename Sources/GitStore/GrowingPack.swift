import CZlib

/// A pack that grows: its objects are copied as they are into the next one, which has some more (gitformat-pack).
///
/// Nothing in it is taken apart, and what its index says stays true, so adding costs little more than the sum over its
/// bytes.
struct GrowingPack {
    /// The pack without the sum at its end; the number of its objects is put in when it is finished.
    private var bytes: [UInt8]
    // The tables of the index, in the order of the names.
    private var ids: [UInt8]
    private var sums: [UInt8]
    private var offsets: [UInt8]

    /// Where the first object lies.
    static let start = PackFile.headBytes

    private static let head = Array("PACK".utf8) + [0, 0, 0, 2]
    private static let indexHead: [UInt8] = [0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]

    /// Makes an empty one.
    init() {
        self.bytes = Self.head + [0, 0, 0, 0]
        self.ids = []
        self.sums = []
        self.offsets = []
    }

    /// Takes over a finished one; nil when `index` is not the index of `pack`.
    ///
    /// That the bytes of an object are those of its name is for them to show who read it.
    init?(_ pack: [UInt8], _ index: [UInt8]) {
        let tables = Self.indexHead.count + 256 * 4
        guard pack.count >= Self.start + ObjectID.size, pack.starts(with: Self.head),
            index.count >= tables + 2 * ObjectID.size, index.starts(with: Self.indexHead)
        else { return nil }
        let count = Self.number(index, tables - 4)
        let end = pack.count - ObjectID.size
        guard count == Self.number(pack, 8), index.count == tables + count * 28 + 2 * ObjectID.size,
            ObjectID(pack, at: end) == ObjectID(index, at: index.count - 2 * ObjectID.size)
        else { return nil }
        let sums = tables + count * ObjectID.size
        let offsets = sums + count * 4
        self.ids = Array(index[tables..<sums])
        self.sums = Array(index[sums..<offsets])
        self.offsets = Array(index[offsets..<offsets + count * 4])
        self.bytes = []
        bytes.reserveCapacity(pack.count + 4096)
        bytes += pack[..<end]
    }

    /// How many objects there are.
    var count: Int { offsets.count / 4 }

    /// Where an object lies, nil when it is not there.
    func offset(of id: ObjectID) -> Int? {
        let place = place(of: id)
        return place < count && ObjectID(ids, at: place * ObjectID.size) == id
            ? Self.number(offsets, place * 4) : nil
    }

    /// The place of a name among the sorted ones.
    private func place(of id: ObjectID) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if ObjectID(ids, at: middle * ObjectID.size).precedes(id) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    /// Adds an object that is not there, or its difference from the one that lies at `base`; returns where it lies.
    mutating func append(
        _ id: ObjectID, _ type: PackObjectType, _ content: [UInt8], from base: Int? = nil,
        by compressor: borrowing Deflater
    ) throws(GitError) -> Int {
        let offset = bytes.count
        bytes += PackFile.head(type, content.count, distance: base.map { offset - $0 })
        try compressor.append(content, to: &bytes)
        let sum = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe shim_crc32(buffer.baseAddress.map { unsafe $0 + offset }, buffer.count - offset)
        }
        let place = place(of: id)
        ids.insert(contentsOf: id.bytes, at: place * ObjectID.size)
        sums.insert(contentsOf: Self.bytes(sum), at: place * 4)
        offsets.insert(contentsOf: Self.bytes(UInt32(offset)), at: place * 4)
        return offset
    }

    /// The bytes of the pack and of its index, version 2.
    consuming func finished() throws(GitError) -> (pack: [UInt8], index: [UInt8], id: ObjectID) {
        bytes.replaceSubrange(8..<12, with: Self.bytes(UInt32(count)))
        let id = try ObjectID(ofBytes: bytes)
        bytes += id.bytes
        var index = Self.indexHead
        index.reserveCapacity(index.count + 256 * 4 + count * 28 + 2 * ObjectID.size)
        var number = 0
        for first in 0..<256 {
            while number < count, Int(ids[number * ObjectID.size]) <= first { number += 1 }
            index += Self.bytes(UInt32(number))
        }
        index += ids
        index += sums
        index += offsets
        index += id.bytes
        index += try ObjectID(ofBytes: index).bytes
        return (bytes, index, id)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes[offset]) << 24 | Int(bytes[offset + 1]) << 16 | Int(bytes[offset + 2]) << 8
            | Int(bytes[offset + 3])
    }
}

extension ObjectID {
    /// True when this name comes first where names are sorted.
    func precedes(_ other: ObjectID) -> Bool {
        (high, middle, low) < (other.high, other.middle, other.low)
    }
}
