import CLibgit2

/// Makes repositories.
enum RepositoryFactory {
    /// Makes an empty repository in `directory`, which exists and is empty.
    static func make(in directory: Path, bare: Bool) throws(GitError) {
        var options = unsafe git_repository_init_options()
        try unsafe check(
            git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)),
            "git_repository_init_options_init")
        unsafe options.flags =
            GIT_REPOSITORY_INIT_NO_REINIT.rawValue
            | (bare ? GIT_REPOSITORY_INIT_BARE.rawValue : 0)
        let branch = Path("main").chars
        let repository = try unsafe CLibgit2Handle.make(directory, branch, &options)
        unsafe git_repository_free(repository)
    }
}

/// The call with its many pointers.
private enum CLibgit2Handle {
    @unsafe static func make(
        _ directory: Path, _ branch: [CChar], _ options: inout git_repository_init_options
    ) throws(GitError) -> OpaquePointer {
        var handle: OpaquePointer?
        let code = unsafe branch.withUnsafeBufferPointer { name in
            unsafe options.initial_head = name.baseAddress
            return unsafe git_repository_init_ext(&handle, directory.chars, &options)
        }
        try check(code, "git_repository_init_ext")
        guard let made = unsafe handle else { throw .malformed("no repository") }
        return unsafe made
    }
}
