import Glibc

/// What a test could not do.
public struct WireFailure: Error, CustomStringConvertible {
    /// What it was.
    public let description: String

    /// Makes a failure.
    public init(_ description: String) {
        self.description = description
    }
}

/// The web server's end of a connection, byte by byte.
@safe public final class WireClient {
    private var descriptor: Int32

    /// Connects to a Unix socket; reads and writes that take longer than `timeoutSeconds` fail.
    public init(_ path: String, timeoutSeconds: Int = 20) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = try unixAddress(path)
        let connected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            let code = errno
            Glibc.close(descriptor)
            throw WireFailure("connect \(path): \(code)")
        }
        var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    /// Sends all bytes; false when the other end is gone.
    @discardableResult
    public func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Says that nothing more comes.
    public func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// How the other end stopped.
    public enum End: Equatable, Sendable {
        /// It closed the connection.
        case closed
        /// It reset the connection.
        case reset
        /// It did neither within the time.
        case timedOut
    }

    /// Reads until the other end stops.
    public func receiveAll() -> (bytes: [UInt8], end: End) {
        var bytes: [UInt8] = []
        while true {
            var code: Int32 = 0
            var count = 0
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, filled in
                count = unsafe recv(descriptor, buffer.baseAddress, 65536, 0)
                code = errno
                filled = max(0, count)
            }
            if count == 0 { return (bytes, .closed) }
            if count < 0 { return (bytes, code == ECONNRESET ? .reset : .timedOut) }
            bytes += piece
        }
    }

    /// Goes away.
    public func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// A listening Unix socket at `path`, for a worker that is started with it as its descriptor 0.
public func listeningSocket(_ path: String) throws -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = try unixAddress(path)
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
    guard bound == 0, listen(descriptor, 128) == 0 else { throw WireFailure("bind \(path): \(errno)") }
    return descriptor
}

private func unixAddress(_ path: String) throws -> sockaddr_un {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < 108 else { throw WireFailure("\(path) is too long") }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    return address
}
