/// One answer of the server (RFC 5321 §4.2, RFC 2034).
public struct LMTPReply: Hashable, Sendable, CustomStringConvertible {
    /// Three digits: 2xx done, 3xx go on, 4xx try again, 5xx do not.
    public var code: Int
    /// The same in more detail, `2.1.5`; nil where there is none: greeting, LHLO and 354.
    public var enhanced: String?
    /// A sentence for a person.
    public var text: String

    /// Makes a reply.
    public init(_ code: Int, _ enhanced: String?, _ text: String) {
        self.code = code
        self.enhanced = enhanced
        self.text = text
    }

    /// Whether what was asked has been done.
    public var isPositive: Bool { code / 100 == 2 }

    /// The line without its end.
    public var description: String {
        // What a reason quotes may hold anything.
        let words = String(
            decoding: text.utf8.prefix(400).map { $0 < 0x20 || $0 > 0x7e ? UInt8(ascii: "?") : $0 },
            as: UTF8.self)
        return enhanced.map { "\(code) \($0) \(words)" } ?? "\(code) \(words)"
    }
}
