/// How a process ended.
public enum ProcessEnding: Hashable, Sendable, CustomStringConvertible {
    /// It returned or called `exit`.
    case exited(code: Int32)
    /// A signal ended it.
    case killed(signal: Int32)

    /// Reads what `waitpid` gives of a process that has ended: the signal in the low seven bits, the code in the next
    /// eight.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7F
        self = signal == 0 ? .exited(code: (waitStatus >> 8) & 0xFF) : .killed(signal: signal)
    }

    /// The words for the log.
    public var description: String {
        switch self {
        case .exited(let code): "exited with code \(code)"
        // SIGALRM.
        case .killed(14): "was ended because a request took too long"
        case .killed(let signal): "was killed by signal \(signal)"
        }
    }
}
