import Glibc

/// The kernel's lock on one collection, shared by all processes that write to it through this program.
///
/// The kernel frees it when its holder dies. While it is held the lock file has a byte in it; a byte found when
/// taking the lock says that the last holder died with it, so its other lock files are known to be orphans.
final class CollectionLock {
    private let path: Path
    private var descriptor: CInt = -1
    private var depth = 0

    /// True while the lock is held after a holder that did not free it.
    private(set) var lastHolderDied = false

    /// True while this object holds the lock.
    var isHeld: Bool { depth > 0 }

    /// The name of the lock file, which belongs to this machine and is never copied.
    static let fileName = "artemisios.lock"

    init(gitDirectory: Path) {
        self.path = gitDirectory.appending(Self.fileName)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Runs `body` with the lock held; may be called inside itself.
    ///
    /// - Throws: `lockTimeout` when others held it for longer than `timeout`.
    func held<Result>(
        timeout: Duration, _ body: () throws(GitError) -> Result
    ) throws(GitError) -> Result {
        if depth == 0 { try take(timeout: timeout) }
        depth += 1
        defer {
            depth -= 1
            if depth == 0 { free() }
        }
        return try body()
    }

    private func take(timeout: Duration) throws(GitError) {
        var wait = Wait(timeout: timeout)
        while true {
            let opened = try open()
            do throws(GitError) {
                while flock(opened, LOCK_EX | LOCK_NB) != 0 {
                    let code = errno
                    guard code == EWOULDBLOCK || code == EINTR else {
                        throw GitError.system(call: "flock", errno: code, path: path.description)
                    }
                    guard wait.pause() else { throw GitError.lockTimeout }
                }
                // The repository may have been moved away while we waited: then this is no longer its lock.
                let mine = try FileStatus(of: opened, path: path)
                if let there = try FileStatus(of: path), there.isSameFile(as: mine) {
                    descriptor = opened
                    lastHolderDied = mine.size > 0
                    mark()
                    return
                }
            } catch {
                close(opened)
                throw error
            }
            close(opened)
        }
    }

    private func open() throws(GitError) -> CInt {
        // Asked to make it, the system would lock the directory to look.
        let there = unsafe Glibc.open(path.chars, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if there >= 0 { return there }
        do {
            return try system("open", path) {
                unsafe Glibc.open(path.chars, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            }
        } catch .system(_, ENOENT, _) {
            throw .repositoryGone
        }
    }

    /// Leaves the byte.
    ///
    /// On a full disk it cannot be left: then an orphan is known by its age only.
    private func mark() {
        var byte = UInt8(ascii: "+")
        _ = unsafe pwrite(descriptor, &byte, 1, 0)
    }

    private func free() {
        // Closing frees the lock even if the byte stays, which then only makes the next holder look for orphans.
        _ = ftruncate(descriptor, 0)
        close(descriptor)
        descriptor = -1
        lastHolderDied = false
    }
}
