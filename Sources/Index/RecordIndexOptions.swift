/// How a `RecordIndex` behaves.
public struct RecordIndexOptions {
    /// The size at which the index is thrown away, to begin again with what is still in use.
    ///
    /// It costs address space at once, disk only as it fills. The first process to open the index decides.
    public var maxBytes: Int
    /// A larger record is not kept.
    public var maxRecordBytes: Int
    /// How long `store` waits for another process that is storing, before it does without.
    public var storeWait: Duration
    /// How long to do without the index after it turned out unusable.
    public var pause: Duration
    /// Told in one line why the index is not usable or is begun again; the same line at most once a minute.
    public var log: (String) -> Void

    /// Makes options; the defaults are good for some million objects.
    public init(
        maxBytes: Int = 1 << 30, maxRecordBytes: Int = 1 << 18, storeWait: Duration = .milliseconds(50),
        pause: Duration = .seconds(1), log: @escaping (String) -> Void
    ) {
        self.maxBytes = maxBytes
        self.maxRecordBytes = maxRecordBytes
        self.storeWait = storeWait
        self.pause = pause
        self.log = log
    }
}
