import Store

/// Where the parts of a repository are, found without opening it.
struct RepositoryLayout: Hashable {
    let gitDirectory: Path
    /// The directory with the files, nil for a bare repository.
    let workTree: Path?

    /// Finds the repository whose container is `directory`; nil when that is a plain directory.
    ///
    /// All of it must lie within `root`, links resolved. A `.git` that leads elsewhere makes its directory a plain one.
    init?(of directory: Path, within root: Path) throws(GitError) {
        let dotGit = directory.appending(".git")
        switch try FileStatus(of: dotGit)?.kind {
        case .directory:
            guard try Self.isGitDirectory(dotGit) else { return nil }
            self.init(gitDirectory: dotGit, container: directory)
        case .link, .regular:
            guard let target = try Self.target(of: dotGit, in: directory), target.isWithin(root),
                try Self.isGitDirectory(target)
            else { return nil }
            self.init(gitDirectory: target, container: directory)
        case .other, nil:
            guard try Self.isGitDirectory(directory) else { return nil }
            self.init(gitDirectory: directory, container: nil)
        }
    }

    private init(gitDirectory: Path, container: Path?) {
        self.gitDirectory = gitDirectory
        self.workTree = container
    }

    /// What a link, or a file with `gitdir: <path>` in it as Git makes for submodules, leads to.
    private static func target(of dotGit: Path, in directory: Path) throws(GitError) -> Path? {
        guard let bytes = try dotGit.read() else { return dotGit.resolved() }
        let prefix = Array("gitdir: ".utf8)
        guard bytes.starts(with: prefix) else { return nil }
        let target = Array(bytes.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: "\n") && $0 != 0 })
        let path =
            target.first == UInt8(ascii: "/") ? Path(bytes: target) : directory.appending(bytes: target)
        return path.resolved()
    }

    private static func isGitDirectory(_ path: Path) throws(GitError) -> Bool {
        guard try FileStatus(of: path.appending("HEAD")) != nil else { return false }
        // A linked work tree has its own HEAD and shares the rest.
        if try FileStatus(of: path.appending("commondir")) != nil { return true }
        for part in ["objects", "refs"] {
            guard try FileStatus(of: path.appending(part), followingLinks: true)?.kind == .directory else {
                return false
            }
        }
        return true
    }

    /// True when `name` in the directory of a bare repository belongs to Git, so that no container can have it.
    static func isGitOwn(_ name: String) -> Bool {
        gitNames.contains(name) || name.hasSuffix(".lock")
    }

    private static let gitNames: Set<String> = [
        "HEAD", "FETCH_HEAD", "ORIG_HEAD", "branches", "common", "config", "config.worktree", "description",
        "hooks",
        "index", "info", "logs", "lost-found", "modules", "objects", "packed-refs", "refs", "rr-cache",
        "shallow",
        "svn", "worktrees",
    ]
}
