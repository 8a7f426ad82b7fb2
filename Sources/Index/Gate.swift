import Glibc

/// The kernel's lock on the index, held while it exists; freed when its holder dies.
struct Gate: ~Copyable {
    private let descriptor: CInt
    private let path: String

    /// Takes the lock, making the directory and the one it is in.
    ///
    /// - Throws: `busy` when others held it for longer than `wait`.
    init(_ files: IndexFiles, wait: Duration) throws(IndexError) {
        self.path = files.gate
        let end = ContinuousClock.now + wait
        var pause: UInt32 = 100
        while true {
            let opened = try Self.open(files)
            let code = flock(opened, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
            var mine = stat()
            // A gate that was removed while we waited locks nothing.
            let isCurrent =
                unsafe code == 0 && fstat(opened, &mine) == 0
                && FileIdentity(of: files.gate) == FileIdentity(mine)
            if isCurrent {
                self.descriptor = opened
                return
            }
            close(opened)
            guard code == 0 || code == EWOULDBLOCK || code == EINTR else {
                throw .refused("flock \(files.gate): \(message(ofError: code))")
            }
            guard ContinuousClock.now < end else { throw .busy }
            usleep(pause)
            pause = min(pause * 2, 5_000)
        }
    }

    deinit { close(descriptor) }

    private static func open(_ files: IndexFiles) throws(IndexError) -> CInt {
        // Asked to make it, the system would lock the directory to look.
        let there = unsafe Glibc.open(files.gate, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if there >= 0 { return there }
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
        let made = unsafe Glibc.open(files.gate, flags, 0o600)
        if made >= 0 { return made }
        if errno == ENOENT {
            if let slash = files.directory.lastIndex(of: "/") {
                _ = unsafe mkdir(String(files.directory[..<slash]), 0o777)
            }
            _ = unsafe mkdir(files.directory, 0o700)
        }
        return try system("open", files.gate) { unsafe Glibc.open(files.gate, flags, 0o600) }
    }

    func read() throws(IndexError) -> [UInt8] {
        var text = [UInt8](repeating: 0, count: 256)
        let count = try system("read", path) { unsafe pread(descriptor, &text, text.count, 0) }
        return Array(text[..<count])
    }

    func write(_ text: [UInt8]) throws(IndexError) {
        try system("ftruncate", path) { ftruncate(descriptor, 0) }
        guard !text.isEmpty else { return }
        let count = try system("write", path) { unsafe pwrite(descriptor, text, text.count, 0) }
        guard count == text.count else { throw .refused("write \(path): the disk is full") }
    }
}
