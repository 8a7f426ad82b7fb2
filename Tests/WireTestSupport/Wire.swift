/// A request in the form of FastCGI or SCGI, and the answer read back.
public enum Wire: String, CaseIterable, Sendable {
    case fastcgi, scgi

    /// The bytes of a request.
    ///
    /// - Parameters:
    ///   - variables: the CGI variables; a length is added to them for SCGI.
    ///   - body: the body.
    ///   - announced: the length to announce, nil: none (FastCGI).
    /// - Returns: the bytes.
    public func request(_ variables: [(String, String)], body: [UInt8] = [], announced: Int? = nil) -> [UInt8]
    {
        switch self {
        case .fastcgi:
            var variables = variables
            if let announced { variables.append(("CONTENT_LENGTH", String(announced))) }
            return FastCGI.begin() + FastCGI.parameters(variables) + FastCGI.input(body) + FastCGI.endOfInput
        case .scgi:
            let all = [("CONTENT_LENGTH", String(announced ?? body.count)), ("SCGI", "1")] + variables
            return Self.netstring(all.flatMap { [$0.0, $0.1] }.flatMap { Array($0.utf8) + [0] }) + body
        }
    }

    /// `bytes` as a netstring.
    public static func netstring(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(bytes.count):".utf8) + bytes + Array(",".utf8)
    }

    /// The variables of an ordinary request.
    public static func variables(_ method: String, _ target: String, _ more: [(String, String)] = []) -> [(
        String, String
    )] {
        [("REQUEST_METHOD", method), ("REQUEST_URI", target), ("SCRIPT_NAME", "")] + more
    }

    /// Sends a whole request to a socket, and reads the answer.
    public func exchange(
        _ path: String, _ method: String, _ target: String, _ more: [(String, String)] = [],
        body: [UInt8] = [],
        announced: Int? = nil
    ) throws -> Answer {
        let client = try WireClient(path)
        client.send(
            request(Self.variables(method, target, more), body: body, announced: announced ?? body.count))
        let (bytes, end) = client.receiveAll()
        return try answer(bytes, end)
    }

    /// Reads an answer.
    public func answer(_ bytes: [UInt8], _ end: WireClient.End) throws -> Answer {
        switch self {
        case .fastcgi:
            let (output, isEnded) = try FastCGI.output(bytes)
            return try Answer(output, isWhole: isEnded)
        case .scgi: return try Answer(bytes, isWhole: end == .closed)
        }
    }
}

/// What a web server understands of an answer.
public struct Answer: Sendable {
    /// The value of `Status`.
    public let status: String
    /// All fields.
    public let fields: [String: String]
    /// What follows the head.
    public let body: [UInt8]
    /// Whether the web server can see that nothing is missing.
    public let isWhole: Bool

    /// The body as a text.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// The value that the echo gives after `name`.
    public func said(_ name: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(name + " ") }.map {
            String($0.dropFirst(name.count + 1))
        }
    }

    init(_ bytes: [UInt8], isWhole: Bool) throws {
        let separator = Array("\r\n\r\n".utf8)
        guard
            let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) })
        else { throw WireFailure("no head in: \(String(decoding: bytes.prefix(300), as: UTF8.self))") }
        var fields: [String: String] = [:]
        for line in bytes[..<end].split(separator: UInt8(ascii: "\n")) {
            let text = String(decoding: line.filter { $0 != 13 }, as: UTF8.self)
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw WireFailure("not a field: \(text)") }
            fields[parts[0]] = String(parts[1].drop { $0 == " " })
        }
        self.status = fields["Status"] ?? ""
        self.fields = fields
        self.body = Array(bytes[(end + 4)...])
        self.isWhole = isWhole
    }
}

/// The records of FastCGI 1.0, as a web server writes and reads them.
public enum FastCGI {
    /// A record of the request 1.
    public static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
    }

    /// The begin of a request.
    public static func begin(role: UInt8 = 1, keepsConnection: Bool = false) -> [UInt8] {
        record(1, [0, role, keepsConnection ? 1 : 0, 0, 0, 0, 0, 0])
    }

    /// All variables, and the end of them.
    public static func parameters(_ variables: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in variables {
            for count in [name.utf8.count, value.utf8.count] {
                bytes +=
                    count < 128
                    ? [UInt8(count)]
                    : [
                        UInt8(count >> 24) | 0x80, UInt8(count >> 16 & 255), UInt8(count >> 8 & 255),
                        UInt8(count & 255),
                    ]
            }
            bytes += Array(name.utf8) + Array(value.utf8)
        }
        return records(4, bytes) + record(4, [])
    }

    /// A part of the body.
    public static func input(_ body: [UInt8]) -> [UInt8] { records(5, body) }

    /// The end of the body.
    public static var endOfInput: [UInt8] { record(5, []) }

    private static func records(_ type: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 65535).flatMap {
            record(type, Array(bytes[$0..<min($0 + 65535, bytes.count)]))
        }
    }

    /// What an answer says on the standard output, and whether it comes to its end.
    static func output(_ bytes: [UInt8]) throws -> (output: [UInt8], isEnded: Bool) {
        var output: [UInt8] = []
        var rest = bytes[...]
        while rest.count >= 8 {
            let header = Array(rest.prefix(8))
            guard header[0] == 1 else { return (output, false) }
            let length = Int(header[4]) << 8 | Int(header[5])
            let content = rest.dropFirst(8).prefix(length)
            guard content.count == length else { return (output, false) }
            if header[1] == 3 { return (output, true) }
            if header[1] == 7, length > 0 { throw WireFailure("something on the error stream") }
            if header[1] == 6 { output += content }
            rest = rest.dropFirst(8 + length + Int(header[6]))
        }
        return (output, false)
    }
}
