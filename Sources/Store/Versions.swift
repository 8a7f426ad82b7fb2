/// The version of an item: changes exactly when its bytes do.
public struct ItemVersion: Hashable, Sendable, CustomStringConvertible {
    /// Opaque ASCII text without quotes or spaces; the Git store's is the blob id in hex.
    public let description: String

    /// Wraps a version's text.
    public init(_ text: String) {
        self.description = text
    }
}

/// The version of a whole collection: two equal versions have equal items and equal tracked metadata.
public struct CollectionVersion: Hashable, Sendable, CustomStringConvertible {
    /// Opaque ASCII text without quotes or spaces; the Git store's is the root tree id in hex.
    public let description: String

    /// Wraps a version's text.
    public init(_ text: String) {
        self.description = text
    }
}
