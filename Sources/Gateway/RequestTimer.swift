internal import CLinux
internal import Glibc

/// Ends what makes no progress: a connection whose web server neither sends nor takes, and the process when a request goes
/// on without end.
///
/// There is no safe way to take a thread out of the middle of a computation; a process can be replaced. Each piece of the
/// body that is read or written starts the time anew, so a slow client is not taken for a runaway request. One alarm serves
/// many requests: it is set when none is, and looks at the deadline of the moment when it comes.
@safe final class RequestTimer {
    private let peerTime: Int
    private let requestTime: Int

    /// Sets up the timer.
    ///
    /// - Parameters:
    ///   - peerSeconds: how long the web server may take to send or to take something.
    ///   - requestSeconds: how long a request may go without that; 0 for ever.
    init(peerSeconds: Int, requestSeconds: Int) {
        self.peerTime = peerSeconds * 1_000_000
        self.requestTime = requestSeconds * 1_000_000
        unsafe notice.allocate()
        unsafe alarmState.pointee.deadline = 0
        // Whoever started this process may have left it blocked.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, SIGALRM)
        unsafe sigprocmask(SIG_UNBLOCK, &mask, nil)
        // System calls go on after it (SA_RESTART).
        signal(SIGALRM) { _ in alarmCame() }
    }

    /// The time of the web server begins.
    ///
    /// When it is up, whoever reads finds the end, and whoever writes that nobody takes it.
    ///
    /// - Parameters:
    ///   - descriptor: the connection.
    ///   - toRead: whether only reading is to end, so that an answer to what is there can still be written.
    func waitForPeer(on descriptor: Int32, toRead: Bool = false) {
        unsafe alarmState.pointee.direction = Int32(toRead ? SHUT_RD : SHUT_RDWR)
        unsafe alarmState.pointee.peer = descriptor
        unsafe setDeadline(SystemTime.coarse() + peerTime)
    }

    /// The time of the request begins.
    ///
    /// - Parameter text: what to write when the time is up.
    func start(_ text: [UInt8]) {
        unsafe notice.set(text)
        restart()
    }

    /// The time of the request begins anew.
    func restart() {
        unsafe setDeadline(requestTime > 0 ? SystemTime.coarse() + requestTime : .max)
        unsafe alarmState.pointee.peer = -1
    }

    /// Ends the time: an alarm that comes between two requests finds nothing to end.
    func stop() {
        unsafe alarmState.pointee.deadline = 0
    }
}

/// What the signal handler looks at, which may run at any moment: in memory of its own, where each number is read and
/// written at once.
@unsafe private struct AlarmState {
    /// When what is waited for must have happened, in microseconds; 0: nothing is.
    var deadline = 0
    /// When the alarm comes; `.max`: none is set.
    var time = Int.max
    /// The connection whose other end is waited for, -1 while the request is worked on.
    var peer: Int32 = -1
    /// How that connection is to be shut down.
    var direction: Int32 = 0
}

nonisolated(unsafe) private let alarmState: UnsafeMutablePointer<AlarmState> = {
    let state = UnsafeMutablePointer<AlarmState>.allocate(capacity: 1)
    unsafe state.initialize(to: AlarmState())
    return unsafe state
}()

/// Sets the deadline, and the alarm if it does not come before that.
@unsafe private func setDeadline(_ deadline: Int) {
    unsafe alarmState.pointee.deadline = deadline
    // An alarm that comes from here on sees the deadline; asking the clock in between keeps the order.
    let now = SystemTime.coarse()
    guard unsafe deadline < alarmState.pointee.time else { return }
    unsafe alarmState.pointee.time = deadline
    alarm(UInt32(clamping: max(1, (deadline - now + 999_999) / 1_000_000)))
}

/// The signal handler: does nothing that is not allowed in one.
private func alarmCame() {
    let code = errno
    defer { errno = code }
    unsafe alarmState.pointee.time = .max
    let deadline = unsafe alarmState.pointee.deadline
    guard deadline != 0, deadline != .max else { return }
    guard SystemTime.coarse() >= deadline else { return unsafe setDeadline(deadline) }
    let peer = unsafe alarmState.pointee.peer
    if peer >= 0 {
        unsafe shutdown(peer, alarmState.pointee.direction)
    } else {
        unsafe notice.write()
        signal(SIGALRM, SIG_DFL)
        // Delivered as soon as the handler returns.
        raise(SIGALRM)
    }
}

/// The text that the signal handler writes.
@unsafe private struct Notice {
    private static let capacity = 512
    private var bytes: UnsafeMutablePointer<UInt8>?
    private var count = 0

    mutating func allocate() {
        if unsafe bytes == nil { unsafe bytes = .allocate(capacity: Self.capacity) }
    }

    mutating func set(_ text: [UInt8]) {
        guard let bytes = unsafe bytes else { return }
        unsafe count = min(text.count, Self.capacity)
        unsafe text.withUnsafeBufferPointer { text in
            guard let start = text.baseAddress else { return }
            unsafe bytes.update(from: start, count: count)
        }
    }

    func write() {
        guard let bytes = unsafe bytes else { return }
        _ = unsafe Glibc.write(STDERR_FILENO, bytes, count)
    }
}

nonisolated(unsafe) private var notice = unsafe Notice()
