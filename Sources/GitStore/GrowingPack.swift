/// A pack that grows: its objects are copied as they are into the next one, which has some more (gitformat-pack).
///
/// Nothing in it is taken apart, and what its index says stays true, so adding costs little more than the sum over its
/// bytes.
struct GrowingPack {
    /// The pack without the sum at its end; the number of its objects is put in when it is finished.
    private var bytes: [UInt8]
    private var tables: PackTables

    /// Where the first object lies.
    static let start = PackFile.headBytes

    /// Makes an empty one.
    init() {
        self.bytes = PackFile.head + BigEndian.bytes(0)
        self.tables = PackTables()
    }

    /// Takes over a finished one; nil when `index` is not the index of `pack`.
    ///
    /// That the bytes of an object are those of its name is for them to show who read it.
    init?(_ pack: [UInt8], _ index: [UInt8]) {
        let end = pack.count - ObjectID.size
        guard end >= Self.start, pack.starts(with: PackFile.head),
            let tables = PackTables(index, of: ObjectID(pack, at: end)),
            tables.count == BigEndian.number(pack, at: PackFile.head.count)
        else { return nil }
        self.tables = tables
        self.bytes = []
        bytes.reserveCapacity(pack.count + 4096)
        bytes += pack[..<end]
    }

    /// How many objects there are.
    var count: Int { tables.count }

    /// Where an object lies, nil when it is not there.
    func offset(of id: ObjectID) -> Int? { tables.offset(of: id) }

    /// Adds an object that is not there, or its difference from the one that lies at `base`; returns where it lies.
    mutating func append(
        _ id: ObjectID, _ type: PackObjectType, _ content: [UInt8], from base: Int? = nil,
        by compressor: borrowing Deflater
    ) throws(GitError) -> Int {
        let offset = bytes.count
        bytes += PackFile.head(type, content.count, distance: base.map { offset - $0 })
        try compressor.append(content, to: &bytes)
        tables.insert(id, sum: bytes.crc32(offset..<bytes.count), offset: offset)
        return offset
    }

    /// The bytes of the pack and of its index.
    consuming func finished() throws(GitError) -> (pack: [UInt8], index: [UInt8], id: ObjectID) {
        let id = try bytes.finishPack(of: count)
        return (bytes, try tables.index(of: id), id)
    }
}
