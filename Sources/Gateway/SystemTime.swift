internal import Glibc

/// The system's clocks, for those above who must not ask the C library.
public enum SystemTime {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public static func now() -> Int64 {
        let time = read(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Microseconds of a clock that never jumps.
    public static func monotonic() -> Int {
        let time = read(CLOCK_MONOTONIC)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    /// Microseconds of a clock that never jumps but advances in steps of some milliseconds, and is quicker to read.
    static func coarse() -> Int {
        let time = read(CLOCK_MONOTONIC_COARSE)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return time
    }
}

/// The standard error stream, where the log goes.
public enum StandardError {
    /// Writes `bytes` by one call, so that the lines of several processes do not mix.
    public static func write(_ bytes: [UInt8]) {
        // There is nowhere left to report a failure to.
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
