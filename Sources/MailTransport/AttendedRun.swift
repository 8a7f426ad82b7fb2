internal import CLinux
internal import Glibc
internal import Spawn

/// A run of a program whose success is noted, also when one of those who wait for its end is killed.
///
/// Whoever is killed while `sendmail` works, and has not noted that it took the mail, gives it the mail again. So a copy of
/// the process starts the program, waits for it and notes that it succeeded. Without its first the copy goes on alone;
/// without the copy the program becomes a child of the first, if that adopts orphans, which then does the same. As the copy
/// has the descriptors too, it holds the locks of the sender for as long.
struct AttendedRun {
    /// How a program ended.
    enum Ending: Hashable {
        /// What `waitpid` tells.
        case ended(status: Int32)
        case notStarted(code: Int32)
        case overdue
        /// Nobody is left who knows.
        case unknown
    }

    let start: ProgramStart
    /// Seconds after which it is killed.
    let timeoutSeconds: Int
    /// Whether children of any origin are this one's to wait for.
    let adoptsOrphans: Bool

    /// Runs it, and calls `succeeded` once when it ends with 0: in the copy, or here when that is gone.
    func run(_ succeeded: () -> Void) -> Ending {
        if adoptsOrphans {
            guard linux_adopt_orphans() == 0 else { return .notStarted(code: errno) }
            // Those that earlier programs have left behind.
            while waitpid(-1, nil, WNOHANG) > 0 {}
        }
        var line: [Int32] = [-1, -1]
        guard unsafe pipe(&line) == 0 else { return .notStarted(code: errno) }
        for end in line { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let copy = fork()
        if copy == 0 {
            close(line[0])
            attend(succeeded, telling: line[1])
            _exit(0)
        }
        close(line[1])
        defer { close(line[0]) }
        guard copy > 0 else { return .notStarted(code: errno) }
        let pid = Self.hear(line[0])
        let status = pid.flatMap { $0 > 0 ? Self.hear(line[0]) : nil }
        while waitpid(copy, nil, 0) < 0, errno == EINTR {}
        if let pid, pid <= 0 { return .notStarted(code: -pid) }
        if let status { return status == Self.overdue ? .overdue : .ended(status: status) }
        guard adoptsOrphans else { return .unknown }
        // The copy was killed. What it had started is ours now.
        let ending = wait(for: pid ?? -1)
        if ending == .ended(status: 0) { succeeded() }
        return ending
    }

    /// What the copy does: it tells the program's process, or why there is none, and how that ends.
    private func attend(_ succeeded: () -> Void, telling line: Int32) {
        // Nobody may be left to be told.
        signal(SIGPIPE, SIG_IGN)
        let pid: Int32
        do throws(ProgramStart.Refusal) {
            pid = try start.start()
        } catch {
            return Self.tell(-error.code, line)
        }
        Self.tell(pid, line)
        let ending = wait(for: pid)
        if ending == .ended(status: 0) { succeeded() }
        if case .ended(let status) = ending { Self.tell(status, line) } else { Self.tell(Self.overdue, line) }
    }

    /// Waits for a child; -1: for any.
    private func wait(for pid: Int32) -> Ending {
        var status: Int32 = 0
        for _ in 0..<(timeoutSeconds * 500) {
            let ended = unsafe waitpid(pid, &status, WNOHANG)
            if ended > 0 { return .ended(status: status) }
            if ended < 0, errno != EINTR { return .unknown }
            usleep(2000)
        }
        if pid > 0 {
            kill(pid, SIGKILL)
            while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        }
        return .overdue
    }

    /// No status is that.
    private static let overdue = Int32.max

    private static func tell(_ number: Int32, _ line: Int32) {
        var number = number
        _ = unsafe write(line, &number, MemoryLayout<Int32>.size)
    }

    /// The next number, nil when nobody will tell it.
    private static func hear(_ line: Int32) -> Int32? {
        var number: Int32 = 0
        while true {
            let count = unsafe read(line, &number, MemoryLayout<Int32>.size)
            if count == MemoryLayout<Int32>.size { return number }
            if count >= 0 || errno != EINTR { return nil }
        }
    }
}
