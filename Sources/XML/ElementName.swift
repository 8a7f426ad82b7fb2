/// An XML namespace, by its URI.
public struct Namespace: Hashable, Sendable {
    /// The URI.
    public let uri: String

    /// Wraps a URI; empty for names without a namespace.
    public init(_ uri: String) {
        self.uri = uri
    }

    /// `DAV:` (RFC 4918 §4).
    public static let dav = Namespace("DAV:")
    /// The namespace of `xml:lang`.
    public static let xml = Namespace("http://www.w3.org/XML/1998/namespace")
    /// No namespace.
    public static let none = Namespace("")
}

/// The expanded name of an element or attribute (Namespaces in XML 1.0).
public struct ElementName: Hashable, Sendable, CustomStringConvertible {
    /// The namespace.
    public let namespace: Namespace
    /// The name in its namespace.
    public let local: String

    /// Makes a name.
    public init(_ namespace: Namespace, _ local: String) {
        self.namespace = namespace
        self.local = local
    }

    /// A name in `DAV:`.
    public static func dav(_ local: String) -> ElementName {
        ElementName(.dav, local)
    }

    /// Hashes the local name alone: those of different namespaces are mostly different ones.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(local)
    }

    /// The name in Clark notation, `{namespace}local`.
    public var description: String { "{\(namespace.uri)}\(local)" }
}
