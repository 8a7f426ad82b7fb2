public import Store

/// A container that was removed and can come back.
public struct TrashEntry: Hashable, Sendable {
    /// What it is called in the trash: unique, and never used again.
    public let id: String
    /// Where it was; nil when the record of it cannot be read.
    public let path: StorePath?
    /// When it was removed, in seconds since 1970.
    public let removed: Int64
}
