import CLibgit2

/// Makes repositories.
enum RepositoryFactory {
    /// Makes an empty repository in `directory`, which exists and is empty; its branch is `main`.
    static func make(in directory: Path, bare: Bool) throws(GitError) {
        var options = unsafe git_repository_init_options()
        try unsafe check(
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)),
            "git_repository_init_options_init")
        unsafe options.flags =
            GIT_REPOSITORY_INIT_NO_REINIT.rawValue | (bare ? GIT_REPOSITORY_INIT_BARE.rawValue : 0)
        var handle: OpaquePointer?
        let code = unsafe Path("main").chars.withUnsafeBufferPointer { branch in
            unsafe options.initial_head = branch.baseAddress
            return unsafe git_repository_init_ext(&handle, directory.chars, &options)
        }
        defer { unsafe git_repository_free(handle) }
        try check(code, "git_repository_init_ext")
    }
}
