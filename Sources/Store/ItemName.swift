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
        var dots = 0
        let bytes = text.utf8.span
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "/") || byte == 0 { return nil }
            if byte == UInt8(ascii: ".") { dots += 1 }
        }
        let count = bytes.count
        // One or two dots alone are the directory itself and the one around it.
        guard count > 0, count <= Self.maxBytes, count > 2 || dots < count else { return nil }
        self.description = text
    }

    /// Names that belong to Git, to Xandikos or to this program, and are never served.
    ///
    /// They are compared without case, as some file systems do.
    public var isReserved: Bool {
        // All of them start so; nothing but these becomes a dot or a p in lower case.
        guard let first = description.utf8.first,
            first == UInt8(ascii: ".") || first | 0x20 == UInt8(ascii: "p")
        else { return false }
        let lower = description.lowercased()
        return lower == ".git" || lower == ".xandikos" || lower == ".infit" || lower.hasPrefix(".artemisios")
            || lower == "push-subscriptions.json"
    }

    /// Compares the UTF-8 bytes.
    public static func == (left: ItemName, right: ItemName) -> Bool {
        let (left, right) = (left.description.utf8.span, right.description.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Orders by the UTF-8 bytes, as Git orders the entries of a tree.
    public static func < (left: ItemName, right: ItemName) -> Bool {
        left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
    }

    /// Hashes the UTF-8 bytes.
    public func hash(into hasher: inout Hasher) {
        let bytes = description.utf8.span
        var word = UInt64(0)
        for index in bytes.indices {
            word = word << 8 | UInt64(bytes[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        // The bytes after the last whole word, and how many there are.
        hasher.combine(word << 8 | UInt64(truncatingIfNeeded: bytes.count))
    }
}
