import Glibc

/// How a `GitCollectionStore` works.
public struct GitStoreOptions {
    /// Whether a change is on the disk, safe from a power cut, before it is reported as made.
    ///
    /// The part of it that libgit2 does is one setting for the whole process.
    public var fsync: Bool
    /// Whether new collections have their files in a work tree; otherwise they are bare.
    public var worktree: Bool
    /// The time in seconds since 1970, for the history.
    public var clock: () -> Int64
    /// The name of the server as committer.
    public var committerName: String
    /// The mail address of the server as committer.
    public var committerEmail: String
    /// How long a change waits for others that change the same collection.
    public var lockTimeout: Duration
    /// How many repositories are kept open.
    public var maxOpenRepositories: Int

    /// Makes options; what is left out has the value that suits a server.
    public init(
        fsync: Bool = true, worktree: Bool = false, clock: @escaping () -> Int64 = GitStoreOptions.now,
        committerName: String = "Artemisios", committerEmail: String = "artemisios@localhost",
        lockTimeout: Duration = .seconds(10), maxOpenRepositories: Int = 64
    ) {
        self.fsync = fsync
        self.worktree = worktree
        self.clock = clock
        self.committerName = committerName
        self.committerEmail = committerEmail
        self.lockTimeout = lockTimeout
        self.maxOpenRepositories = maxOpenRepositories
    }

    /// The system's time in seconds since 1970.
    public static func now() -> Int64 { Int64(time(nil)) }

    var committer: Committer { Committer(name: committerName, email: committerEmail) }
}
