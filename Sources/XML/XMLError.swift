/// Why a document was not read.
public enum XMLError: Error, Hashable, Sendable {
    /// It is not well-formed.
    case malformed(line: Int, reason: String)
    /// It has a document type declaration, which is refused (RFC 4918 §20.6).
    case documentType
    /// It is over one of the `XMLLimits`.
    case limit(XMLLimits.Kind)
}

/// Bounds on a document, against those made to exhaust a server.
public struct XMLLimits: Hashable, Sendable {
    /// Bytes of the document.
    public var bytes: Int
    /// Elements within each other.
    public var depth: Int
    /// Elements in all.
    public var elements: Int
    /// Attributes of one element, namespace declarations included.
    public var attributes: Int

    /// Makes limits; the defaults are well above what clients send.
    public init(bytes: Int = 8 << 20, depth: Int = 64, elements: Int = 200_000, attributes: Int = 64) {
        self.bytes = bytes
        self.depth = depth
        self.elements = elements
        self.attributes = attributes
    }

    /// Which limit was passed.
    public enum Kind: Hashable, Sendable {
        /// `XMLLimits.bytes`.
        case bytes
        /// `XMLLimits.depth`.
        case depth
        /// `XMLLimits.elements`.
        case elements
        /// `XMLLimits.attributes`.
        case attributes
    }
}
