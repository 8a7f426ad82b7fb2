internal import CLinux
internal import Glibc

/// The signals of the process, read from a descriptor like anything else that happens.
@safe final class SignalQueue {
    let descriptor: Int32

    /// Blocks `signals` for this process and those it makes, and collects them.
    init(_ signals: [Int32]) throws(PoolError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal) }
        guard unsafe sigprocmask(SIG_BLOCK, &set, nil) == 0 else { throw .last("sigprocmask") }
        descriptor = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
        guard descriptor >= 0 else { throw .last("signalfd") }
    }

    deinit { close(descriptor) }

    /// The next signal that has come, nil when there is none.
    func next() -> Int32? {
        var info = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        return unsafe read(descriptor, &info, size) == size ? Int32(info.ssi_signo) : nil
    }
}
