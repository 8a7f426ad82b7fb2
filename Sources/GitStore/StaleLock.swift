import CLibgit2
import Glibc

/// A `*.lock` file of Git's, which nobody frees when its maker dies.
struct StaleLock {
    /// Ages in milliseconds from which on a lock file counts as an orphan.
    ///
    /// All are looked at only with the collection's own lock held, so the maker is not another process of ours.
    enum Age {
        /// The last holder of the collection's lock died with it: the file is most likely its own.
        static let ofDeadHolder: Int64 = 200
        /// Git holds the lock of a reference for milliseconds.
        static let ofReference: Int64 = 10_000
        /// Git may hold the index while an editor is open; Xandikos never does for long.
        static let ofIndex: Int64 = 300_000
    }

    /// Removes the file at `path` if it has not been touched for `milliseconds`, or not since the machine was started:
    /// then its maker is gone.
    static func remove(_ path: Path, olderThan milliseconds: Int64) throws(GitError) {
        guard let status = try FileStatus(of: path) else { return }
        var now = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &now)
        let age =
            (Int64(now.tv_sec) - status.modified.seconds) * 1000
            + (Int64(now.tv_nsec) - status.modified.nanoseconds) / 1_000_000
        var up = timespec()
        _ = unsafe clock_gettime(CLOCK_BOOTTIME, &up)
        let sinceStart = Int64(up.tv_sec) * 1000 + Int64(up.tv_nsec) / 1_000_000
        if age >= min(milliseconds, sinceStart) { try path.remove() }
    }
}
