internal import CLinux
internal import Glibc
internal import Spawn

/// The program `sendmail` that every mail server brings along.
public struct SendmailTransport: MailTransport, Hashable, Sendable {
    /// Its path.
    public var program: String
    /// Seconds after which it is ended.
    public var timeoutSeconds: Int
    /// Whether the program is taken over when the process that waits for it is killed (PR_SET_CHILD_SUBREAPER).
    ///
    /// The calling process then waits for every child that it has, and must have no others.
    public var adoptsOrphans: Bool

    /// Makes a transport.
    public init(
        program: String = "/usr/sbin/sendmail", timeoutSeconds: Int = 120, adoptsOrphans: Bool = false
    ) {
        self.program = program
        self.timeoutSeconds = timeoutSeconds
        self.adoptsOrphans = adoptsOrphans
    }

    /// Runs the program for one mail.
    public func send(
        _ mail: [UInt8], from sender: String, to recipient: String, accepted: () -> Void
    ) -> TransportOutcome {
        if let refusal = TransportOutcome.refusal(of: recipient) { return refusal }
        // From a file and not a pipe: a program that does not read cannot hold us up.
        let file = unsafe linux_memory_file("mail")
        guard file >= 0 else { return .temporary(reason: "no memory for the mail: error \(errno)") }
        defer { close(file) }
        // The program wants lines as they are in files.
        let lines = Self.withoutReturns(mail)
        let count = unsafe lines.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
        guard count == lines.count, lseek(file, 0, SEEK_SET) == 0 else {
            return .temporary(reason: "no memory for the mail: error \(errno)")
        }
        var start = ProgramStart(program, ["-i", "-f", sender, "--", recipient])
        start.descriptors = [(0, file)]
        start.resetsSignals = true
        let run = AttendedRun(start: start, timeoutSeconds: timeoutSeconds, adoptsOrphans: adoptsOrphans)
        switch run.run(accepted) {
        case .ended(let status): return outcome(status)
        case .notStarted(let code): return .temporary(reason: "\(program) does not start: error \(code)")
        case .overdue: return .temporary(reason: "\(program) did not end in \(timeoutSeconds) s")
        case .unknown: return .temporary(reason: "nobody knows how \(program) ended")
        }
    }

    private static func withoutReturns(_ mail: [UInt8]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(mail.count)
        for byte in mail {
            if byte == 0x0a, lines.last == 0x0d { lines.removeLast() }
            lines.append(byte)
        }
        return lines
    }

    private func outcome(_ status: Int32) -> TransportOutcome {
        guard status & 0x7f == 0 else { return .temporary(reason: "\(program): signal \(status & 0x7f)") }
        switch status >> 8 & 0xff {
        case 0: return .accepted
        // sysexits.h: EX_DATAERR, EX_NOUSER, EX_NOHOST.
        case 65, 67, 68: return .permanent(reason: "\(program) ended with \(status >> 8 & 0xff)")
        default: return .temporary(reason: "\(program) ended with \(status >> 8 & 0xff)")
        }
    }
}
