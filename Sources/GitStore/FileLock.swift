import Glibc

/// A kernel lock on a file, for those who change nothing that a writer's death could leave half done.
///
/// On a collection's lock file it keeps writers away like `CollectionLock`, but leaves the mark of a dead writer for
/// the next one.
struct FileLock: ~Copyable {
    private let file: File

    /// Takes the lock; a `shared` one can be held by several at once, when nobody has another.
    ///
    /// - Throws: `lockTimeout` when others held it for longer than `timeout`; `repositoryGone` when its directory is
    ///   not there.
    init(_ path: Path, timeout: Duration, shared: Bool = false) throws(GitError) {
        var wait = Wait(timeout: timeout)
        while true {
            let file = try Self.open(path)
            while flock(file.descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
                let code = errno
                guard code == EWOULDBLOCK || code == EINTR else {
                    throw .system(call: "flock", errno: code, path: path.description)
                }
                guard wait.pause() else { throw .lockTimeout }
            }
            let mine = try FileStatus(of: file.descriptor, path: path)
            if let there = try FileStatus(of: path), there.isSameFile(as: mine) {
                self.file = file
                return
            }
        }
    }

    private static func open(_ path: Path) throws(GitError) -> File {
        do throws(GitError) {
            // Asked to make it, the system would lock the directory to look.
            return try File(path, O_RDWR | O_NOFOLLOW)
        } catch .system(_, ENOENT, _) {
            do throws(GitError) {
                return try File(path, O_RDWR | O_CREAT | O_NOFOLLOW)
            } catch .system(_, ENOENT, _) {
                throw .repositoryGone
            }
        }
    }

    /// Frees the lock.
    consuming func free() {}
}
