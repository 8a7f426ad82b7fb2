internal import Glibc

/// A second process that stands by while one waits for the word of a mail server.
///
/// Whoever is killed between the end of a mail and the note that the mail server has it sends it again (RFC 1047). So at that
/// place the process makes a copy of itself, which has the same connection, also one with TLS, and does nothing until it is
/// told that the other has noted what became of the mail, or finds it gone: then it goes on in its place. Either alone can be
/// killed, and the mail is noted. As it has the descriptors too, it holds the locks of the sender for as long.
struct Witness {
    private let pid: pid_t
    private let line: Int32

    /// What the calling process is after `stand()`.
    enum Role {
        /// The one that has a witness, or none when that could not be made.
        case first(Witness?)
        /// The witness, whose first is no more.
        case alone
    }

    /// Makes a witness; it returns once in the first and, if that is killed, once in the witness.
    static func stand() -> Role {
        // Nobody may be left to be told.
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return .first(nil) }
        let pid = fork()
        guard pid == 0 else {
            close(ends[0])
            guard pid > 0 else {
                close(ends[1])
                return .first(nil)
            }
            return .first(Witness(pid: pid, line: ends[1]))
        }
        close(ends[1])
        var word: UInt8 = 0
        var count: Int
        repeat { count = unsafe read(ends[0], &word, 1) } while count < 0 && errno == EINTR
        close(ends[0])
        guard count == 0 else { _exit(0) }
        return .alone
    }

    /// Lets the witness go: what became of the mail is noted.
    func dismiss() {
        var word: UInt8 = 1
        _ = unsafe write(line, &word, 1)
        close(line)
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    }
}
