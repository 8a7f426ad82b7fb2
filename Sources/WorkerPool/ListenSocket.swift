internal import Glibc

/// A listening socket, which the workers share.
@safe public final class ListenSocket {
    /// The descriptor, open as long as the process runs.
    public let descriptor: Int32
    /// What was made in the file system, to be removed again.
    private let file: SocketFile?

    private init(descriptor: Int32, file: SocketFile? = nil) {
        self.descriptor = descriptor
        self.file = file
    }

    /// Connections that may wait to be accepted.
    private static let backlog: Int32 = 1024

    /// The socket that systemd has opened, nil when it has not (sd_listen_fds(3)).
    public static func inherited() throws(PoolError) -> ListenSocket? {
        guard environment("LISTEN_PID").flatMap({ Int32($0) }) == getpid(),
            let count = environment("LISTEN_FDS").flatMap({ Int($0) }), count >= 1
        else { return nil }
        let first: Int32 = 3
        guard fcntl(first, F_SETFD, FD_CLOEXEC) == 0 else { throw .last("fcntl", "LISTEN_FDS") }
        return ListenSocket(descriptor: first)
    }

    /// Opens a socket.
    ///
    /// - Parameters:
    ///   - address: where.
    ///   - mode: permissions of a Unix socket.
    ///   - group: group of a Unix socket, nil: the one of the process.
    /// - Returns: the socket, where connections can wait already.
    /// - Throws: `inUse` when somebody answers at the path, `notASocket` when another file is there; and the rest of
    ///   `PoolError` but `refused`.
    public static func open(_ address: ListenAddress, mode: UInt32, group: String?) throws(PoolError)
        -> ListenSocket
    {
        switch address {
        case .unix(let path):
            let (descriptor, file) = try SocketFile.bind(path, mode: mode, group: group)
            return try ListenSocket(descriptor: listening(descriptor, path), file: file)
        case .tcp(let host, let port):
            return ListenSocket(descriptor: try tcp(host, port))
        }
    }

    /// Removes what this process made in the file system, so that nobody connects any more.
    func removeFile() {
        file?.remove()
    }

    private static func listening(_ descriptor: Int32, _ subject: String) throws(PoolError) -> Int32 {
        guard listen(descriptor, backlog) == 0 else { throw .last("listen", subject) }
        // 0 to 3 have their meaning in a worker.
        let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 10)
        guard moved >= 0 else { throw .last("fcntl", subject) }
        close(descriptor)
        return moved
    }

    private static func tcp(_ host: String, _ port: UInt16) throws(PoolError) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let found = unsafe list else {
            throw .unknownHost(host, reason: unsafe String(cString: gai_strerror(code)))
        }
        defer { unsafe freeaddrinfo(found) }
        let address = unsafe found.pointee
        let descriptor = unsafe socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        let subject = "\(host):\(port)"
        guard descriptor >= 0 else { throw .last("socket", subject) }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            throw .last("bind", subject)
        }
        return try listening(descriptor, subject)
    }
}

/// The value of a variable of the environment, nil when it is not set.
func environment(_ name: String) -> String? {
    unsafe getenv(name).map { unsafe String(cString: $0) }
}
