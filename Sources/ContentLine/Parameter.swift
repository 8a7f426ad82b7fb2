/// A parameter of a content line (RFC 5545 §3.2, RFC 6350 §5).
public struct Parameter: Hashable, Sendable {
    /// The name as written; compare with `isNamed`.
    public var name: String
    /// The values, without quotes and with the escapes of RFC 6868 undone.
    ///
    /// Empty for a parameter without `=`, such as `HOME` in vCard 2.1's `TEL;HOME:`.
    public var values: [String]

    /// Makes a parameter; the values are plain text.
    public init(name: String, values: [String]) {
        self.name = name
        self.values = values
    }

    /// Whether the name is `upperCaseName` but for the case of ASCII letters.
    public func isNamed(_ upperCaseName: String) -> Bool {
        name.isName(upperCaseName)
    }

    /// Whether names and values have the same bytes.
    public static func == (left: Parameter, right: Parameter) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.values.count == right.values.count
            && zip(left.values, right.values).allSatisfy { $0.hasSameBytes(as: $1) }
    }

    /// Hashes the name and how many values there are.
    public func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
        hasher.combine(values.count)
    }
}
