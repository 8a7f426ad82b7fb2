internal import CLinux
internal import Glibc

/// Waits for connections, and for what ends the process.
///
/// The wait is a blocking `accept`, of which the system wakes one worker for each connection. SIGTERM and SIGINT take the
/// socket away, by putting a file in its place that no connection comes from: a worker that waits, and one that is just
/// about to, find that at once, and a worker that was woken for a connection still gets that connection. So a request in
/// hand is always finished, and none is left to a worker that has gone. (One that is killed just as a connection comes may
/// take that one along, as it does with a request in hand.)
@safe final class Acceptor {
    private let socket: Int32
    private let lifeline: Int32?

    /// Takes over the listening `socket` and the signals of the process.
    init(socket: Int32, lifeline: Int32?) throws(GatewayError) {
        var listens: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens == 1
        else { throw .notListening(descriptor: socket) }
        self.socket = socket
        self.lifeline = lifeline

        // Whoever opened it may have made it otherwise.
        let flags = fcntl(socket, F_GETFL)
        guard flags >= 0, fcntl(socket, F_SETFL, flags & ~O_NONBLOCK) == 0 else { throw .last("fcntl") }
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard nothing >= 0 else { throw .last("open") }
        unsafe ending.initialize(to: Ending(socket: socket, replacement: nothing))

        signal(SIGPIPE, SIG_IGN)
        // System calls of the request in hand go on after them (SA_RESTART).
        signal(SIGTERM) { _ in beginEnding() }
        signal(SIGINT) { _ in beginEnding() }
        // Whoever started this process may have left them blocked.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        guard unsafe sigprocmask(SIG_UNBLOCK, &signals, nil) == 0 else { throw .last("sigprocmask") }
        if let lifeline { try watch(lifeline) }
    }

    /// Has the end of whoever started this process come as SIGTERM.
    private func watch(_ lifeline: Int32) throws(GatewayError) {
        guard linux_signal_on_input(lifeline, SIGTERM) == 0 else { throw .last("fcntl") }
        var event = pollfd(fd: lifeline, events: Int16(POLLIN), revents: 0)
        // It may have come before.
        if unsafe poll(&event, 1, 0) > 0 { beginEnding() }
    }

    /// Tells the process that started this one that connections are accepted from now on.
    func sayReady() throws(GatewayError) {
        guard let lifeline else { return }
        let byte: [UInt8] = [UInt8(ascii: "R")]
        let sent = unsafe byte.withUnsafeBytes { buffer in
            unsafe send(lifeline, buffer.baseAddress, 1, Int32(MSG_NOSIGNAL))
        }
        // Without a supervisor there is nobody to tell; its end comes as a signal.
        guard sent == 1 || errno == EPIPE else { throw .last("send") }
    }

    /// The next connection; nil when the process is to end.
    func next() throws(GatewayError) -> Connection? {
        while true {
            // Programs that a request starts have no business with it.
            let descriptor = linux_accept(socket)
            if descriptor >= 0 { return Connection(descriptor) }
            let code = errno
            if unsafe ending.pointee.hasBegun { return nil }
            switch code {
            case EINTR, ECONNABORTED, EPROTO: continue
            // Out of descriptors or memory: others may give some back.
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(100_000)
            // Another process that has the socket made it so for all.
            case EAGAIN:
                var event = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                unsafe poll(&event, 1, -1)
            default: throw .system(call: "accept", code: code)
            }
        }
    }
}

/// What the signal handler needs, in memory of its own.
@unsafe private struct Ending {
    let socket: Int32
    /// An open file that no connection comes from.
    let replacement: Int32
    var hasBegun = false
}

nonisolated(unsafe) private let ending = UnsafeMutablePointer<Ending>.allocate(capacity: 1)

/// The signal handler: does nothing that is not allowed in one.
private func beginEnding() {
    let code = errno
    unsafe ending.pointee.hasBegun = true
    unsafe dup2(ending.pointee.replacement, ending.pointee.socket)
    errno = code
}
