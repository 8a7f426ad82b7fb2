import Store

/// Records on their way into the index, in the order of their keys.
struct RecordBatch {
    private var entries: [(key: [UInt8], record: [UInt8])] = []

    init(_ format: RecordFormat, _ records: [(ItemVersion, [UInt8])], maxRecordBytes: Int) {
        entries.reserveCapacity(records.count)
        var key: [UInt8] = []
        for (version, record) in records where record.count <= maxRecordBytes {
            if RecordKey.write(format, version, to: &key) { entries.append((key, record)) }
        }
        entries.sort { RecordKey.precedes($0.key, $1.key) }
    }

    var isEmpty: Bool { entries.isEmpty }

    /// Writes all of them, or none.
    func write(to environment: Environment, _ gate: borrowing Gate) throws(IndexError) {
        var check = try PageCheck(environment.descriptor)
        try check.checkFreePages()
        for entry in entries { try check.checkWay(to: entry.key) }

        var transaction = try WriteTransaction(environment, gate)
        var value: [UInt8] = []
        for (key, record) in entries {
            value.removeAll(keepingCapacity: true)
            let sum = Checksum.of(key, record.span)
            unsafe withUnsafeBytes(of: sum) { unsafe value.append(contentsOf: $0) }
            value.append(contentsOf: record)
            try transaction.put(key, value)
        }
        try transaction.commit()
    }
}
