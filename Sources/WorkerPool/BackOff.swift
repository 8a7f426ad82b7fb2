/// How long to wait before starting again what ended badly.
///
/// The first failure after a stable time costs nothing; then the wait doubles.
struct BackOff {
    private static let stableMilliseconds = 10_000
    private static let firstMilliseconds = 100
    private static let longestMilliseconds = 30_000

    private var failures = 0

    /// Notes a failure.
    ///
    /// - Parameter milliseconds: how long it ran.
    /// - Returns: how many milliseconds to wait.
    mutating func failed(after milliseconds: Int) -> Int {
        if milliseconds >= Self.stableMilliseconds { failures = 0 }
        defer { failures += 1 }
        guard failures > 0 else { return 0 }
        return min(Self.firstMilliseconds << min(failures - 1, 20), Self.longestMilliseconds)
    }

    /// Notes an end that was right.
    mutating func succeeded() {
        failures = 0
    }
}
