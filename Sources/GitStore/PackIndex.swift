/// Which objects a pack has: its `.idx` file (gitformat-pack, versions 1 and 2).
struct PackIndex {
    /// The objects in the order in which they lie in the pack.
    var objects: [ObjectID] { places.map(\.id) }
    /// The objects and where they lie, in that order; of those from 2 GiB on the offset is not told.
    let places: [(offset: Int, id: ObjectID)]

    /// What an index of version 2 begins with.
    static let head: [UInt8] = [0xff, 0x74, 0x4f, 0x63, 0, 0, 0, 2]

    /// Reads the bytes of the file; nil when they are no index.
    init?(_ bytes: [UInt8]) {
        let isSecond = bytes.starts(with: Self.head)
        let fanOut = isSecond ? Self.head.count : 0
        let table = fanOut + 256 * 4
        guard bytes.count >= table else { return nil }
        let count = BigEndian.number(bytes, at: fanOut + 255 * 4)
        let entrySize = isSecond ? ObjectID.size + 4 + 4 : ObjectID.size + 4
        guard bytes.count >= table + count * entrySize + 2 * ObjectID.size else { return nil }
        var places: [(offset: Int, id: ObjectID)] = []
        places.reserveCapacity(count)
        for index in 0..<count {
            if isSecond {
                let offset = BigEndian.number(bytes, at: table + count * (ObjectID.size + 4) + index * 4)
                places.append((offset, ObjectID(bytes, at: table + index * ObjectID.size)))
            } else {
                let entry = table + index * entrySize
                places.append((BigEndian.number(bytes, at: entry), ObjectID(bytes, at: entry + 4)))
            }
        }
        // Offsets from 2 GiB on are kept elsewhere; those objects come last, in the order of that table.
        self.places = places.sorted { $0.offset < $1.offset }
    }
}
