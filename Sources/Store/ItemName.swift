/// The name of an item or of a container within its parent: one path segment, percent-decoded.
///
/// Two names are the same when their UTF-8 bytes are; Swift's canonical equivalence would join names that
/// are different files.
public struct ItemName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The name's text, never empty, `.` or `..`, and free of `/` and NUL.
    public let description: String

    /// Longest name in UTF-8 bytes: what file systems take.
    public static let maxBytes = 255

    /// Makes a name, or nil when `text` cannot name a file: empty, `.`, `..`, over `maxBytes`, or with `/` or NUL in it.
    public init?(_ text: String) {
        guard !text.isEmpty, text != ".", text != "..", text.utf8.count <= Self.maxBytes,
            !text.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else { return nil }
        self.description = text
    }

    /// Names that belong to Git, to Xandikos or to this program, and are never served.
    ///
    /// They are compared without case, as some file systems do.
    public var isReserved: Bool {
        let lower = description.lowercased()
        return lower == ".git" || lower == ".xandikos" || lower == ".infit" || lower.hasPrefix(".artemisios")
            || lower == "push-subscriptions.json"
    }

    /// Compares the UTF-8 bytes.
    public static func == (left: ItemName, right: ItemName) -> Bool {
        left.description.utf8.elementsEqual(right.description.utf8)
    }

    /// Orders by the UTF-8 bytes, as Git orders the entries of a tree.
    public static func < (left: ItemName, right: ItemName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    /// Hashes the UTF-8 bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in description.utf8 { hasher.combine(byte) }
    }
}
