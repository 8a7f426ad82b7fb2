import Store

/// Looks records up one after the other.
struct RecordReader: ~Copyable {
    private let environment: Environment
    private let maxRecordBytes: Int
    private var transaction: ReadTransaction
    private var lookups = 0
    private var key: [UInt8] = []
    private var buffer = [UInt8](repeating: 0, count: 4096)

    /// A view is looked at that often before it is renewed, so that writers seldom overtake it.
    private static let lookupsOfView = 256

    init(_ environment: Environment, maxRecordBytes: Int) throws(IndexError) {
        self.environment = environment
        self.maxRecordBytes = maxRecordBytes
        self.transaction = try ReadTransaction(environment)
    }

    /// The record's bytes, nil when there is none; they are overwritten by the next look-up unless somebody keeps them.
    mutating func record(_ format: RecordFormat, _ version: ItemVersion) throws(IndexError) -> ArraySlice<
        UInt8
    >? {
        guard RecordKey.write(format, version, to: &key) else { return nil }
        if lookups == Self.lookupsOfView { try renew() }
        lookups += 1
        for _ in 0..<3 {
            do throws(IndexError) {
                if let size = try size() { return buffer[Checksum.size..<size] }
                guard try transaction.isOvertaken() else { return nil }
                try renew()
            } catch .damaged(let reason) {
                guard try transaction.isOvertaken() else { throw .damaged(reason) }
                try renew()
            }
        }
        return nil
    }

    private mutating func renew() throws(IndexError) {
        transaction = try ReadTransaction(environment)
        lookups = 0
    }

    /// Reads the value of `key` into the buffer, and compares it with its sum.
    private mutating func size() throws(IndexError) -> Int? {
        let limit = maxRecordBytes + Checksum.size
        guard let size = try transaction.value(of: key, into: &buffer, limit: limit) else { return nil }
        guard size >= Checksum.size else { throw .damaged("a record has no sum") }
        let value = buffer.span.extracting(Checksum.size..<size)
        guard buffer.uint64(at: 0) == Checksum.of(key, value) else {
            throw .damaged("a record is not what its sum says")
        }
        return size
    }
}
