/// Why bytes are not a JSON text that is read here, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The offset of the byte, from 0.
    public let offset: Int
    /// What is wrong there, in words.
    public let reason: String

    /// The place and the reason, for an answer.
    public var description: String { "byte \(offset): \(reason)" }
}

/// Reads JSON texts in UTF-8 (RFC 8259), with bounds on what they hold.
public struct JSONParser {
    /// Deepest nesting that is read; that of jCal is 4 more than that of its components.
    static let maxDepth = 100
    /// Most values of a text.
    static let maxValues = 4_000_000

    private let bytes: [UInt8]
    private var index = 0
    private var valuesLeft = JSONParser.maxValues

    /// Reads a text of one value.
    ///
    /// - Throws: `JSONError` with the place and the reason.
    /// - Complexity: Linear in the bytes.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        guard bytes.isUTF8 else { throw JSONError(offset: 0, reason: "not UTF-8") }
        var parser = JSONParser(bytes: bytes)
        // RFC 8259 §8.1: a byte order mark may be passed over.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.index = 3 }
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.index == bytes.count else { throw parser.error("more after the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func error(_ reason: String) -> JSONError { JSONError(offset: index, reason: reason) }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == .space || byte == .tab || byte == .lineFeed || byte == .carriageReturn
        {
            index += 1
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        valuesLeft -= 1
        guard depth <= Self.maxDepth else { throw error("nested too deeply") }
        guard valuesLeft >= 0 else { throw error("too many values") }
        skipBlanks()
        switch next {
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "{"): return try object(depth)
        case .quote: return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw error("the text ends too early")
        default: return try number()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        for byte in "\(text)".utf8 {
            guard take(byte) else { throw error("no JSON value") }
        }
        return value
    }

    private mutating func array(_ depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var values: [JSONValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            values.append(try value(depth: depth + 1))
            skipBlanks()
        } while take(.comma)
        guard take(UInt8(ascii: "]")) else { throw error("an array without its end") }
        return .array(values)
    }

    private mutating func object(_ depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var members: [JSONValue.Member] = []
        skipBlanks()
        if take(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipBlanks()
            guard next == .quote else { throw error("a member without its name") }
            let name = try string()
            skipBlanks()
            guard take(.colon) else { throw error("a member without its value") }
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            skipBlanks()
        } while take(.comma)
        guard take(UInt8(ascii: "}")) else { throw error("an object without its end") }
        return .object(members)
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let whole = digits()
        guard whole > 0, whole == 1 || bytes[index - whole] != UInt8(ascii: "0") else {
            throw error("no JSON value")
        }
        if take(UInt8(ascii: ".")) {
            guard digits() > 0 else { throw error("a number without its decimals") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw error("a number without its exponent") }
        }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func digits() -> Int {
        let start = index
        while let byte = next, byte >= 0x30, byte <= 0x39 { index += 1 }
        return index - start
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        var text: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case .quote: return String(decoding: text, as: UTF8.self)
            case .backslash: try escape(&text)
            case 0..<0x20: throw error("a control character in a string")
            default: text.append(byte)
            }
        }
        throw error("a string without its end")
    }

    /// Reads what follows a backslash (RFC 8259 §7).
    private mutating func escape(_ text: inout [UInt8]) throws(JSONError) {
        let byte = next
        index += 1
        switch byte {
        case .quote, .backslash, UInt8(ascii: "/"): text.append(byte ?? 0)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(.lineFeed)
        case UInt8(ascii: "r"): text.append(.carriageReturn)
        case UInt8(ascii: "t"): text.append(.tab)
        case UInt8(ascii: "u"):
            var code = try hexDigits()
            if code & 0xFC00 == 0xD800 {
                // The second half of a character beyond the first 65,536.
                guard take(.backslash), take(UInt8(ascii: "u")) else { throw error("half a character") }
                let low = try hexDigits()
                guard low & 0xFC00 == 0xDC00 else { throw error("half a character") }
                code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("half a character") }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: throw error("an unknown escape")
        }
    }

    private mutating func hexDigits() throws(JSONError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw error("an escape without its digits") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch bytes[index] {
            case 0x30...0x39: digit = bytes[index] - 0x30
            case 0x41...0x46: digit = bytes[index] - 0x37
            case 0x61...0x66: digit = bytes[index] - 0x57
            default: throw error("an escape without its digits")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }
}
