/// Which kind of record, and which version of its encoding.
///
/// Records of one object in different formats are independent. Whoever changes the encoding of a kind counts its
/// `version` up, and never meets the old records again.
public struct RecordFormat: Hashable, Sendable {
    /// The kind of record; each user of the index has its own.
    public let kind: UInt8
    /// The version of the kind's encoding.
    public let version: UInt8

    /// Names a format.
    public init(kind: UInt8, version: UInt8) {
        self.kind = kind
        self.version = version
    }
}
