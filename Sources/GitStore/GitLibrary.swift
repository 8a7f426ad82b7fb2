import CLibgit2

/// libgit2's process-wide state.
enum GitLibrary {
    /// Starts libgit2 and sets what must hold in every process that keeps collections in Git.
    ///
    /// No configuration outside the repository is read: a stray `~/.gitconfig` with `core.autocrlf` or a hooks path
    /// must not change what is stored. The owner of a repository is not compared with ours: which user runs the
    /// server and which one owns the data is the administrator's decision.
    private static let started: CInt = {
        let count = git_libgit2_init()
        let levels = [
            GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
            GIT_CONFIG_LEVEL_GLOBAL,
        ]
        for level in levels { _ = unsafe shim_git_set_search_path(level.rawValue, "") }
        _ = shim_git_set_owner_validation(0)
        // What is read is compared with its name by `Repository`, which takes a sixth of the time.
        _ = shim_git_set_strict_hashes(0)
        // Trees are kept parsed by the snapshots, and small items as `BlobCache` has them.
        _ = shim_git_set_caching(0)
        return count
    }()

    /// Makes libgit2 ready; any number of times.
    ///
    /// With `fsync` references are flushed to the disk; it is one setting for the whole process.
    static func start(fsync: Bool) throws(GitError) {
        try check(started, "git_libgit2_init")
        try check(shim_git_set_fsync(fsync ? 1 : 0), "git_libgit2_opts")
    }
}
