internal import CLinux
internal import Glibc

/// Waits for connections, and for what ends the process.
///
/// SIGTERM and SIGINT are blocked and taken from a descriptor here, between two requests: a request in hand is always
/// finished, and none is lost between looking for a signal and waiting.
@safe final class Acceptor {
    private let socket: Int32
    private let lifeline: Int32?
    private let timeoutSeconds: Int
    private let signals: Int32

    /// Takes over the listening `socket` and the signals of the process.
    init(socket: Int32, lifeline: Int32?, timeoutSeconds: Int) throws(GatewayError) {
        var listens: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens == 1
        else { throw .notListening(descriptor: socket) }
        self.socket = socket
        self.lifeline = lifeline
        self.timeoutSeconds = timeoutSeconds

        // All workers wait on one socket: whoever comes second finds nothing and must not block.
        let flags = fcntl(socket, F_GETFL)
        guard flags >= 0, fcntl(socket, F_SETFL, flags | O_NONBLOCK) == 0 else { throw .last("fcntl") }

        signal(SIGPIPE, SIG_IGN)
        signal(SIGTERM, SIG_DFL)
        signal(SIGINT, SIG_DFL)
        var ending = sigset_t()
        unsafe sigemptyset(&ending)
        unsafe sigaddset(&ending, SIGTERM)
        unsafe sigaddset(&ending, SIGINT)
        guard unsafe sigprocmask(SIG_BLOCK, &ending, nil) == 0 else { throw .last("sigprocmask") }
        self.signals = unsafe signalfd(-1, &ending, Int32(SFD_CLOEXEC))
        guard signals >= 0 else { throw .last("signalfd") }
    }

    deinit { close(signals) }

    /// Tells the process that started this one that connections are accepted from now on.
    func sayReady() throws(GatewayError) {
        guard let lifeline else { return }
        let byte: [UInt8] = [UInt8(ascii: "R")]
        let sent = unsafe byte.withUnsafeBytes { buffer in
            unsafe send(lifeline, buffer.baseAddress, 1, Int32(MSG_NOSIGNAL))
        }
        // Without a supervisor there is nobody to tell; the next wait finds out.
        guard sent == 1 || errno == EPIPE else { throw .last("send") }
    }

    /// The next connection; nil when the process is to end.
    func next() throws(GatewayError) -> Connection? {
        while true {
            if try isEnding() { return nil }
            // Programs that a request starts have no business with it.
            let descriptor = linux_accept(socket)
            if descriptor >= 0 {
                return Connection(descriptor, timeoutSeconds: timeoutSeconds)
            }
            switch errno {
            case EAGAIN, EINTR, ECONNABORTED, EPROTO: continue
            // Out of descriptors or memory: others may give some back.
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(100_000)
            default: throw .last("accept")
            }
        }
    }

    /// Waits for anything; true for a signal, and when the supervisor is gone.
    ///
    /// A connection wakes all workers that wait, and one gets it. To wake only one would leave the connection to nobody
    /// when that one is about to end.
    private func isEnding() throws(GatewayError) -> Bool {
        var events = [socket, signals, lifeline ?? -1].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        guard unsafe poll(&events, nfds_t(events.count), -1) >= 0 else {
            if errno == EINTR { return false }
            throw .last("poll")
        }
        return events[1].revents != 0 || events[2].revents != 0
    }
}
