/// A value of a JSON text (RFC 8259 §3).
///
/// Two values are equal when they are written with the same characters; members of an object keep their order.
public indirect enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, as it is written.
    case number(String)
    /// A text.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Values with names, in order.
    case object([Member])

    /// A value with its name.
    public struct Member: Hashable, Sendable {
        /// The name.
        public let name: String
        /// The value.
        public let value: JSONValue

        /// Makes a member.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// The number that `text` is in iCalendar and vCard, `+1.50` or `007`; nil when it is none.
    ///
    /// JSON knows no plus sign and no zeros before others (RFC 8259 §6).
    public init?(number text: String) {
        var digits = text.utf8[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } })
        else { return nil }
        let whole = parts[0].drop { $0 == UInt8(ascii: "0") }
        let fraction = parts.count == 2 ? "." + String(decoding: parts[1], as: UTF8.self) : ""
        self = .number(
            (isNegative ? "-" : "") + (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
                + fraction)
    }

    /// The text of a string, a number or a truth value; nil for others.
    public var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .bool(let value): value ? "TRUE" : "FALSE"
        case .null: ""
        case .array, .object: nil
        }
    }

    /// The values of an array, nil for others.
    public var elements: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }
}
