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
    private var known: [[UInt8]?] = Array(repeating: nil, count: Known.allCases.count)
    private var ambiguous: Known?

    private enum Known: Int, CaseIterable {
        case method, uri, scriptName, user, address, contentType, contentLength

        var name: StaticString {
            switch self {
            case .method: "REQUEST_METHOD"
            case .uri: "REQUEST_URI"
            case .scriptName: "SCRIPT_NAME"
            case .user: "REMOTE_USER"
            case .address: "REMOTE_ADDR"
            case .contentType: "CONTENT_TYPE"
            case .contentLength: "CONTENT_LENGTH"
            }
        }
    }

    /// Makes an empty set.
    public init() {}

    /// Takes one variable; those that nobody needs are dropped.
    public mutating func set(name: some Collection<UInt8>, value: some Collection<UInt8>) {
        unsafe Array(name).withUnsafeBytes { name in
            unsafe Array(value).withUnsafeBytes { value in unsafe set(name: name, value: value) }
        }
    }

    /// Takes one variable where it lies.
    mutating func set(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
        if unsafe isName(UnsafeRawBufferPointer(rebasing: name.prefix(5)), "HTTP_") {
            let name = unsafe UnsafeRawBufferPointer(rebasing: name.dropFirst(5))
            if unsafe !Self.isDropped(name) {
                unsafe fields.append(Self.fieldName(name), String(decoding: value, as: UTF8.self))
            }
            return
        }
        guard let known = Known.allCases.first(where: { unsafe isName(name, $0.name) }) else { return }
        // SCGI says 0 where a variable of the web server says nothing.
        if known == .contentLength, unsafe value.isEmpty { return }
        let bytes = unsafe Array(value)
        if let old = self[known], old != bytes { ambiguous = known }
        self[known] = bytes
    }

    private subscript(name: Known) -> [UInt8]? {
        get { known[name.rawValue] }
        set { known[name.rawValue] = newValue }
    }

    /// The announced length of the body, nil when the web server sends none or an empty one.
    public func contentLength() throws(CGIError) -> Int? {
        guard let digits = self[.contentLength], !digits.isEmpty else { return nil }
        // RFC 3875 §4.1.2: 1*DIGIT.
        guard let length = decimal(digits) else { throw .invalid(Known.contentLength.name.description) }
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
        if let ambiguous { throw .ambiguous(ambiguous.name.description) }
        guard let method = self[.method] else { throw .missing(Known.method.name.description) }
        guard isToken(method) else { throw .invalid(Known.method.name.description) }
        guard let target = try text(.uri) else { throw .missing(Known.uri.name.description) }
        var fields = fields
        if let type = self[.contentType], !type.isEmpty {
            fields.append("Content-Type", String(decoding: type, as: UTF8.self))
        }
        return Request(
            method: Method(String(decoding: method, as: UTF8.self)), target: target,
            scriptName: try text(.scriptName) ?? "", fields: fields, remoteUser: try text(.user),
            remoteAddress: self[.address].map { String(decoding: $0, as: UTF8.self) }, body: body, id: id)
    }

    /// The value of a variable that must be UTF-8, nil when it is absent or empty.
    private func text(_ name: Known) throws(CGIError) -> String? {
        guard let bytes = self[name], !bytes.isEmpty else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 0x20 })
        else { throw .invalid(name.name.description) }
        return text
    }

    /// `ACCEPT_ENCODING` as `Accept-Encoding`.
    private static func fieldName(_ name: UnsafeRawBufferPointer) -> String {
        unsafe String(unsafeUninitializedCapacity: name.count) { buffer in
            var startsWord = true
            for index in 0..<name.count {
                let byte = unsafe name[index]
                let isBreak = byte == UInt8(ascii: "_")
                // What is not UTF-8 is no token, and makes no field of a response.
                unsafe buffer[index] =
                    isBreak ? UInt8(ascii: "-") : startsWord || byte >= 0x80 ? byte : asciiLower(byte)
                startsWord = isBreak
            }
            return name.count
        }
    }

    /// Fields that have a variable of their own, and secrets that only the web server needs (RFC 3875 §4.1.18).
    private static func isDropped(_ name: UnsafeRawBufferPointer) -> Bool {
        let dropped: [StaticString] = [
            "CONTENT_TYPE", "CONTENT_LENGTH", "AUTHORIZATION", "PROXY_AUTHORIZATION",
        ]
        return dropped.contains { unsafe isName(name, $0, foldingCase: true) }
    }
}

/// Whether `bytes` are `name`, which is in capital letters.
private func isName(
    _ bytes: UnsafeRawBufferPointer, _ name: StaticString, foldingCase: Bool = false
) -> Bool {
    guard bytes.count == name.utf8CodeUnitCount else { return false }
    for index in 0..<bytes.count {
        let (found, expected) = unsafe (bytes[index], name.utf8Start[index])
        if found != expected && !(foldingCase && asciiLower(found) == asciiLower(expected)) { return false }
    }
    return true
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
