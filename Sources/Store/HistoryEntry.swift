/// What the history of a collection tells of one of its entries.
public struct HistoryEntry: Hashable, Sendable {
    /// The entry.
    public let id: EntryID
    /// The collection after the change.
    public let version: CollectionVersion
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// The name of who made it.
    public let author: String
    /// What it says of the change, without trailers; one line or more.
    public let message: String

    /// Makes an entry of its parts.
    public init(id: EntryID, version: CollectionVersion, time: Int64, author: String, message: String) {
        self.id = id
        self.version = version
        self.time = time
        self.author = author
        self.message = message
    }
}
