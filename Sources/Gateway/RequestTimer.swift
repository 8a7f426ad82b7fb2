internal import CLinux
internal import Glibc

/// Ends the process by SIGALRM when a request makes no progress.
///
/// There is no safe way to take a thread out of the middle of a computation; a process can be replaced. The alarm starts
/// anew with each piece of the body that is read or written, so a slow client is not taken for a runaway request.
@safe final class RequestTimer {
    private let seconds: Int
    /// When the alarm was set last, in microseconds.
    private var set = 0

    /// Sets up the timer; 0 seconds never end anything.
    init(seconds: Int) {
        self.seconds = seconds
        guard seconds > 0 else { return }
        unsafe notice.allocate()
        // Whoever started this process may have left it blocked.
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, SIGALRM)
        unsafe sigprocmask(SIG_UNBLOCK, &mask, nil)
        signal(SIGALRM) { _ in
            // Only what is allowed in a signal handler: the text is ready-made.
            guard unsafe notice.isSet else { return }
            unsafe notice.write()
            signal(SIGALRM, SIG_DFL)
            // Delivered as soon as this handler returns.
            raise(SIGALRM)
        }
    }

    /// Starts the time of a request.
    ///
    /// - Parameter text: what to write when the time is up.
    func start(_ text: String) {
        guard seconds > 0 else { return }
        unsafe notice.set(text)
        set = SystemTime.monotonic()
        alarm(UInt32(seconds))
    }

    /// Gives the request its whole time again, unless nearly all of it is left.
    func restart() {
        guard seconds > 0 else { return }
        let now = SystemTime.monotonic()
        guard now - set > seconds * 1_000_000 / 16 else { return }
        set = now
        alarm(UInt32(seconds))
    }

    /// Ends the time: an alarm that comes between two requests finds nothing to end.
    func stop() {
        unsafe notice.clear()
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

    /// Whether there is a request to end.
    var isSet: Bool { unsafe count > 0 }

    mutating func clear() { unsafe count = 0 }

    mutating func set(_ text: String) {
        guard let bytes = unsafe bytes else { return }
        unsafe count = 0
        for byte in unsafe text.utf8.prefix(Self.capacity) {
            unsafe bytes[count] = byte
            unsafe count += 1
        }
    }

    func write() {
        guard let bytes = unsafe bytes else { return }
        _ = unsafe Glibc.write(STDERR_FILENO, bytes, count)
    }
}

nonisolated(unsafe) private var notice = unsafe Notice()
