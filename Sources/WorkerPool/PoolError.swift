internal import Glibc

/// Why a pool of workers cannot be started.
public enum PoolError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system refused `call` on `subject`; `code` is `errno`.
    case system(call: String, subject: String, code: Int32)
    /// The text is neither `unix:PATH` nor `HOST:PORT`.
    case badAddress(String)
    /// The path is too long for a socket.
    case pathTooLong(String)
    /// Another process answers at the path.
    case inUse(String)
    /// Something else than a socket is at the path.
    case notASocket(String)
    /// There is no such group.
    case unknownGroup(String)
    /// The host has no address; the text is the resolver's.
    case unknownHost(String, reason: String)
    /// The worker says, before any has been ready, that it cannot work with its arguments; `code` is its exit code.
    case refused(code: Int32)

    /// The sentence for the user.
    public var description: String {
        switch self {
        case .system(let call, let subject, let code):
            subject.isEmpty
                ? "\(call): \(systemMessage(code))" : "\(subject): \(call): \(systemMessage(code))"
        case .badAddress(let text): "“\(text)” is neither unix:/PATH nor HOST:PORT"
        case .pathTooLong(let path): "\(path): too long for the path of a socket"
        case .inUse(let path): "\(path): another process answers there"
        case .notASocket(let path): "\(path): there is something that is not a socket; it stays untouched"
        case .unknownGroup(let name): "there is no group \(name)"
        case .unknownHost(let host, let reason): "\(host): \(reason)"
        case .refused(let code): "the worker refuses its configuration (exit code \(code))"
        }
    }

    static func last(_ call: String, _ subject: String = "") -> PoolError {
        .system(call: call, subject: subject, code: errno)
    }
}

/// What the C library says about an error number.
func systemMessage(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: text)
}
