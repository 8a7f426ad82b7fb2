/// A `*.lock` file of Git's, which nobody frees when its maker dies.
struct StaleLock {
    /// Ages in seconds from which on a lock file counts as an orphan.
    ///
    /// All are looked at only with the collection's own lock held, so the maker is not another process of ours.
    enum Age {
        /// The last holder of the collection's lock died with it: the file is most likely its own.
        static let ofDeadHolder: Int64 = 1
        /// Git holds the lock of a reference for milliseconds.
        static let ofReference: Int64 = 10
        /// Git may hold the index while an editor is open; Xandikos never does for long.
        static let ofIndex: Int64 = 300
    }

    /// Removes the file at `path` if it has not been touched for `seconds`.
    static func remove(_ path: Path, olderThan seconds: Int64) throws(GitError) {
        guard let status = try FileStatus(of: path),
            GitStoreOptions.now() - status.modified.seconds >= seconds
        else {
            return
        }
        try path.remove()
    }
}
