internal import Glibc

/// Tells systemd how the service is (sd_notify(3)); says nothing where nobody listens.
struct ServiceNotification {
    private let path: String?
    /// How often systemd wants to hear that the process lives, nil when it does not.
    let watchdogMilliseconds: Int?

    /// Reads what systemd has put into the environment.
    init() {
        path = environment("NOTIFY_SOCKET")
        let isForUs = environment("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
        watchdogMilliseconds =
            isForUs ? environment("WATCHDOG_USEC").flatMap { Int($0) }.map { max(1, $0 / 2000) } : nil
    }

    /// Sends lines like `READY=1`.
    func send(_ lines: String...) {
        guard let path, let first = path.utf8.first, path.utf8.count < 108 else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // A name in the abstract space is written with an @ for the NUL.
        if first == UInt8(ascii: "@") { name[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        let message = Array(lines.joined(separator: "\n").utf8)
        // An abstract name is as long as it says, so the length must not count the zeros behind it.
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        _ = unsafe withAddress(address) { pointer, _ in
            unsafe sendto(descriptor, message, message.count, Int32(MSG_NOSIGNAL), pointer, length)
        }
    }
}
