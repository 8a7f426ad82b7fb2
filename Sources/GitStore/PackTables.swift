/// The three tables of an index of version 2, in the order of the names (gitformat-pack).
///
/// Nothing in them changes when an object is added behind the others.
struct PackTables {
    /// The names of the objects.
    private var ids: [UInt8]
    /// The sums over their compressed bytes.
    private var sums: [UInt8]
    private var offsets: [UInt8]

    private static let fanOutBytes = 256 * 4

    /// Makes empty ones.
    init() {
        self.ids = []
        self.sums = []
        self.offsets = []
    }

    /// Takes over those of the index of `pack`; nil when it is not that.
    init?(_ index: [UInt8], of pack: ObjectID) {
        let tables = PackIndex.head.count + Self.fanOutBytes
        guard index.count >= tables + 2 * ObjectID.size, index.starts(with: PackIndex.head) else {
            return nil
        }
        let count = BigEndian.number(index, at: tables - 4)
        guard index.count == tables + count * 28 + 2 * ObjectID.size,
            ObjectID(index, at: index.count - 2 * ObjectID.size) == pack
        else { return nil }
        let sums = tables + count * ObjectID.size
        let offsets = sums + count * 4
        self.ids = Array(index[tables..<sums])
        self.sums = Array(index[sums..<offsets])
        self.offsets = Array(index[offsets..<offsets + count * 4])
    }

    /// How many objects there are.
    var count: Int { offsets.count / 4 }

    /// Where an object lies, nil when it is not there.
    func offset(of id: ObjectID) -> Int? {
        let place = place(of: id)
        return place < count && ObjectID(ids, at: place * ObjectID.size) == id
            ? BigEndian.number(offsets, at: place * 4) : nil
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

    /// Adds an object that is not there.
    ///
    /// - Complexity: O(n), but O(log n) when its name comes after all others.
    mutating func insert(_ id: ObjectID, sum: UInt32, offset: Int) {
        let place = place(of: id)
        ids.insert(contentsOf: id.bytes, at: place * ObjectID.size)
        sums.insert(contentsOf: BigEndian.bytes(sum), at: place * 4)
        offsets.insert(contentsOf: BigEndian.bytes(UInt32(offset)), at: place * 4)
    }

    /// The bytes of the index of `pack`.
    func index(of pack: ObjectID) throws(GitError) -> [UInt8] {
        var index = PackIndex.head
        index.reserveCapacity(index.count + Self.fanOutBytes + count * 28 + 2 * ObjectID.size)
        var number = 0
        for first in 0..<256 {
            while number < count, Int(ids[number * ObjectID.size]) <= first { number += 1 }
            index += BigEndian.bytes(UInt32(number))
        }
        index += ids
        index += sums
        index += offsets
        index += pack.bytes
        index += try ObjectID(ofBytes: index).bytes
        return index
    }
}

extension ObjectID {
    /// True when this name comes first where names are sorted.
    func precedes(_ other: ObjectID) -> Bool {
        (high, middle, low) < (other.high, other.middle, other.low)
    }
}
