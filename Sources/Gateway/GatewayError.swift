internal import Glibc

/// Why the gateway cannot go on; what concerns one request alone is answered, not thrown.
public enum GatewayError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused `call`; `code` is `errno`.
    case system(call: String, code: Int32)
    /// The descriptor is not a listening socket.
    case notListening(descriptor: Int32)

    /// The sentence for the log.
    public var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(systemMessage(code))"
        case .notListening(let descriptor): "descriptor \(descriptor) is not a listening socket"
        }
    }

    static func last(_ call: String) -> GatewayError {
        .system(call: call, code: errno)
    }
}

/// What the C library says about an error number.
func systemMessage(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
