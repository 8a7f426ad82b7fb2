/// TEXT values and lists of them (RFC 5545 §3.3.11, RFC 6350 §3.4 and §4.1).
public enum TextValue {
    /// The text with backslashes, semicolons, commas and line breaks escaped.
    ///
    /// CRLF and CR become `\n` as LF does.
    public static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: needsEscape) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count + 16)
        var afterReturn = false
        for byte in text.utf8 {
            switch byte {
            case .lineFeed where afterReturn: break
            case .lineFeed, .carriageReturn: result += [.backslash, UInt8(ascii: "n")]
            case .backslash, .semicolon, .comma: result += [.backslash, byte]
            default: result.append(byte)
            }
            afterReturn = byte == .carriageReturn
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The text that `value` stands for.
    ///
    /// A backslash before punctuation goes, also where none was needed (`\:`); before another letter than `n` and
    /// `N`, a digit or the end it stays, as in a path that was not escaped.
    public static func unescaped(_ value: String) -> String {
        guard value.utf8.contains(.backslash) else { return value }
        return unescaped(value.utf8)
    }

    /// The texts of a list separated by commas, such as `CATEGORIES` (RFC 5545 §3.1.1).
    public static func list(_ value: String) -> [String] {
        split(value.utf8, at: .comma).map { unescaped($0) }
    }

    /// The components of a structured value, such as `N` and `ADR`, each a list of texts (RFC 6350 §3.3).
    public static func structured(_ value: String) -> [[String]] {
        split(value.utf8, at: .semicolon).map { component in
            split(component, at: .comma).map { unescaped($0) }
        }
    }

    /// The structured value that `structured` takes apart: components joined by semicolons, lists by commas.
    public static func value(structured components: [[String]]) -> String {
        components.map { $0.map(escaped).joined(separator: ",") }.joined(separator: ";")
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte == .backslash || byte == .semicolon || byte == .comma || byte == .lineFeed
            || byte == .carriageReturn
    }

    private static func unescaped(_ value: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(value.underestimatedCount)
        var afterBackslash = false
        for byte in value {
            if afterBackslash {
                afterBackslash = false
                switch byte {
                case UInt8(ascii: "n"), UInt8(ascii: "N"): result.append(.lineFeed)
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: result += [.backslash, byte]
                default: result.append(byte)
                }
            } else if byte == .backslash {
                afterBackslash = true
            } else {
                result.append(byte)
            }
        }
        if afterBackslash { result.append(.backslash) }
        return String(decoding: result, as: UTF8.self)
    }

    /// The parts between separators that no backslash escapes.
    private static func split(_ value: some Sequence<UInt8>, at separator: UInt8) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var part: [UInt8] = []
        var afterBackslash = false
        for byte in value {
            if byte == separator, !afterBackslash {
                parts.append(part)
                part = []
                continue
            }
            afterBackslash = byte == .backslash && !afterBackslash
            part.append(byte)
        }
        parts.append(part)
        return parts
    }
}
