/// One entry of the history of a collection: a change, with who made it and what came before it.
///
/// Opaque ASCII text of letters and digits; the Git store's is the commit id in hex. Two changes never have the same one
/// in one collection.
public struct EntryID: Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let description: String

    /// Wraps an entry's text.
    public init(_ text: String) {
        self.description = text
    }
}
