internal import Glibc

/// Reads documents, and remembers those it read: clients ask the same again and again.
///
/// What a document means depends on its bytes alone, so a remembered one is never stale. Only small ones are remembered,
/// and when there are too many it begins anew.
public final class XMLDocuments {
    private let limits: XMLLimits
    private var known: [Key: XMLElement] = [:]
    /// The one that was read last: it is the likeliest.
    private var last: (bytes: [UInt8], element: XMLElement)?

    private static let maxBytes = 4096
    private static let maxCount = 64

    /// Makes a reader of documents that are within `limits`.
    public init(limits: XMLLimits = XMLLimits()) {
        self.limits = limits
    }

    /// Reads one document.
    ///
    /// - Parameter bytes: the document, in an encoding that it declares or in UTF-8.
    /// - Returns: the root element.
    /// - Throws: `XMLError` when it is not well-formed, has a document type declaration or is over a limit.
    public func parse(_ bytes: [UInt8]) throws(XMLError) -> XMLElement {
        if let last, Self.areEqual(last.bytes, bytes) { return last.element }
        let key = Key(bytes: bytes)
        if let element = known[key] {
            last = (bytes, element)
            return element
        }
        let element = try XMLReader.parse(bytes, limits: limits)
        if bytes.count <= Self.maxBytes {
            if known.count >= Self.maxCount { known.removeAll(keepingCapacity: true) }
            known[key] = element
            last = (bytes, element)
        }
        return element
    }

    private static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                guard let left = left.baseAddress, let start = right.baseAddress else { return true }
                return unsafe memcmp(left, start, right.count) == 0
            }
        }
    }

    /// The bytes of a document, hashed in one go.
    private struct Key: Hashable {
        let bytes: [UInt8]

        func hash(into hasher: inout Hasher) {
            unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
    }
}
