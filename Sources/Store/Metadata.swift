/// The name of a setting of a container; which names mean what is for the layers above to know.
public struct MetadataKey: Hashable, Sendable, CustomStringConvertible {
    /// The setting's name: lower-case ASCII letters, digits and hyphens.
    public let description: String

    /// Wraps a setting's name.
    public init(_ name: String) {
        self.description = name
    }

    /// What kind of collection it is, as text.
    public static let type = MetadataKey("type")
}

/// The settings of a container; a key that is absent is unset.
public typealias Metadata = [MetadataKey: String]

/// Changes to settings: a value sets the key, nil removes it.
public typealias MetadataChanges = [MetadataKey: String?]
