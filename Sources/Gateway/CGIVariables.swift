public import HTTP

/// Why CGI variables do not make a request; the fault is the web server's configuration or the client's.
public enum CGIError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The web server does not send this variable.
    case missing(String)
    /// The web server sends this variable twice, with different values.
    case ambiguous(String)
    /// The value of this variable is not what it has to be.
    case invalid(String)

    /// The sentence for the log.
    public var description: String {
        switch self {
        case .missing(let name):
            "the web server does not send \(name); include the configuration that comes with this program"
        case .ambiguous(let name): "the web server sends two different values of \(name)"
        case .invalid(let name): "\(name) cannot be understood"
        }
    }

    /// 500 where the configuration is at fault, 400 where the client is.
    public var status: Status {
        switch self {
        case .missing, .ambiguous: .internalServerError
        case .invalid: .badRequest
        }
    }
}

/// The variables of a request, as FastCGI and SCGI both carry them (RFC 3875 §4.1).
///
/// Identity is `REMOTE_USER` and nothing else. A header field cannot become it: fields arrive as `HTTP_*` and stay fields
/// (RFC 3875 §4.1.18). The path is `REQUEST_URI`, which web servers pass as the client sent it; `PATH_INFO` is decoded
/// (RFC 3875 §4.1.5), so that `/a%2Fb` and `/a/b` would be one.
public struct CGIVariables {
    private var fields = Fields()
    private var known: [Known: [UInt8]] = [:]
    private var ambiguous: Known?

    private enum Known: String {
        case method = "REQUEST_METHOD"
        case uri = "REQUEST_URI"
        case scriptName = "SCRIPT_NAME"
        case user = "REMOTE_USER"
        case address = "REMOTE_ADDR"
        case contentType = "CONTENT_TYPE"
        case contentLength = "CONTENT_LENGTH"
    }

    /// Makes an empty set.
    public init() {}

    /// Takes one variable; those that nobody needs are dropped.
    public mutating func set(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        if name.starts(with: "HTTP_".utf8) {
            let name = Self.fieldName(name.dropFirst(5))
            if !Self.isDropped(name) { fields.append(name, String(decoding: value, as: UTF8.self)) }
            return
        }
        guard let known = Known(rawValue: String(decoding: name, as: UTF8.self)) else { return }
        let value = Array(value)
        // SCGI says 0 where a variable of the web server says nothing.
        if known == .contentLength, value.isEmpty { return }
        if let old = self.known[known], old != value { ambiguous = known }
        self.known[known] = value
    }

    /// The announced length of the body, nil when the web server sends none or an empty one.
    public func contentLength() throws(CGIError) -> Int? {
        guard let digits = known[.contentLength], !digits.isEmpty else { return nil }
        // RFC 3875 §4.1.2: 1*DIGIT.
        guard let length = decimal(digits) else { throw .invalid(Known.contentLength.rawValue) }
        return length
    }

    /// Makes the request.
    ///
    /// - Parameters:
    ///   - body: the body, whose length is `contentLength()`.
    ///   - id: what its lines of the log have in common.
    /// - Returns: the request, whose body is not read yet.
    /// - Throws: `missing` without method or target, `ambiguous`, and `invalid` for a method that is not a token, and for
    ///   a target, script name or user that is not UTF-8 (repaired, two users could become one).
    public func request(body: RequestBody, id: String) throws(CGIError) -> Request {
        if let ambiguous { throw .ambiguous(ambiguous.rawValue) }
        guard let method = known[.method] else { throw .missing(Known.method.rawValue) }
        guard isToken(method) else { throw .invalid(Known.method.rawValue) }
        guard let target = try text(.uri) else { throw .missing(Known.uri.rawValue) }
        var fields = fields
        if let type = known[.contentType], !type.isEmpty {
            fields.append("Content-Type", String(decoding: type, as: UTF8.self))
        }
        return Request(
            method: Method(String(decoding: method, as: UTF8.self)), target: target,
            scriptName: try text(.scriptName) ?? "", fields: fields, remoteUser: try text(.user),
            remoteAddress: known[.address].map { String(decoding: $0, as: UTF8.self) }, body: body, id: id)
    }

    /// The value of a variable that must be UTF-8, nil when it is absent or empty.
    private func text(_ name: Known) throws(CGIError) -> String? {
        guard let bytes = known[name], !bytes.isEmpty else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 0x20 })
        else { throw .invalid(name.rawValue) }
        return text
    }

    /// `ACCEPT_ENCODING` as `Accept-Encoding`.
    private static func fieldName(_ bytes: some Collection<UInt8>) -> String {
        var startsWord = true
        let name = bytes.map { byte -> UInt8 in
            defer { startsWord = byte == UInt8(ascii: "_") }
            if byte == UInt8(ascii: "_") { return UInt8(ascii: "-") }
            return startsWord ? byte : asciiLower(byte)
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// Fields that have a variable of their own, and secrets that only the web server needs (RFC 3875 §4.1.18).
    private static func isDropped(_ name: String) -> Bool {
        switch name {
        case "Content-Type", "Content-Length", "Authorization", "Proxy-Authorization": true
        default: false
        }
    }
}

/// The number that `digits` write, nil when one is not a digit, there is none, or the number is over 2^53.
func decimal(_ digits: some Collection<UInt8>) -> Int? {
    guard !digits.isEmpty, digits.count <= 15 else { return nil }
    var number = 0
    for digit in digits {
        guard digit >= 0x30, digit <= 0x39 else { return nil }
        number = number * 10 + Int(digit - 0x30)
    }
    return number
}

/// Whether `bytes` are a token (RFC 9110 §5.6.2), as method and field names are.
func isToken(_ bytes: some Collection<UInt8>) -> Bool {
    !bytes.isEmpty
        && bytes.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            case UInt8(ascii: "!"), 0x23...0x27, UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"),
                UInt8(ascii: "."), 0x5E...0x60, UInt8(ascii: "|"), UInt8(ascii: "~"):
                true
            default: false
            }
        }
}
