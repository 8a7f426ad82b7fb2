import Glibc

/// Waiting in short pauses until a time limit.
///
/// They grow, but stay shorter than a change takes, and are never the same for two: a writer that comes back at once
/// must not be luckier each time than those that wait.
struct Wait {
    private let end: Int64
    private var pauseMicroseconds: UInt32 = 500

    init(timeout: Duration) {
        let (seconds, attoseconds) = timeout.components
        self.end = Self.now + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Pauses; false when the time is up.
    mutating func pause() -> Bool {
        guard Self.now < end else { return false }
        usleep(UInt32.random(in: pauseMicroseconds / 2...pauseMicroseconds))
        pauseMicroseconds = min(pauseMicroseconds * 2, 3000)
        return true
    }

    /// Microseconds of a clock that nobody sets.
    static var now: Int64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
