import CLibgit2
import Store

/// A collection that is a Git repository: its items are the files at the root of the tree that HEAD leads to.
///
/// Sub-directories, symbolic links and submodules in the tree are kept, but are no items.
final class GitCollection: ItemCollection {
    let path: StorePath
    let directory: Path
    let layout: RepositoryLayout
    let repository: Repository
    let options: GitStoreOptions
    let lock: CollectionLock
    /// Where what is written goes when the collection is large.
    let packedWrites: PackedWrites
    /// The files beside the repository, nil for a bare one.
    let workTree: WorkTree?

    /// Who is told of each change.
    private let signal: ChangeSignal?
    /// What the files last looked at for settings held.
    var knownConfig: KnownConfig?
    var knownSettings: (tree: ObjectID, mode: UInt32?, id: ObjectID?, metadata: Metadata)?
    /// Where the configuration of the repository is.
    let configPath: Path

    /// The last entry of the history that was told: who pages through goes on from there, and need not prove it.
    var toldEntry: EntryID?
    /// The settled status that the directory of the repository had when it was just looked at; for one look at the branch.
    private var seenDirectory: FileStatus?
    /// The same, for one look at the configuration.
    private var seenDirectoryOfConfig: FileStatus?
    /// What is known of the times of the items.
    var itemHistory = ItemHistory()

    private var current: (commit: ObjectID?, snapshot: GitSnapshot)?
    /// How the current tree differs from the one before it, unless it does in much: who follows the changes asks for that.
    private var latestChanges: (from: ObjectID, to: ObjectID, changes: [Change])?
    /// Bytes of a tree in which it differs from the one before it, at most.
    private static let mostDiffering = 64 << 10
    /// The commit that was the newest at the last look, nil when there is none.
    var currentCommit: ObjectID? { current?.commit }
    /// The collection as the last look found it.
    var currentSnapshot: GitSnapshot? { current?.snapshot }

    init(
        path: StorePath, directory: Path, layout: RepositoryLayout, options: GitStoreOptions,
        signal: ChangeSignal? = nil, blobs: BlobCache? = nil
    ) throws(GitError) {
        self.path = path
        self.directory = directory
        self.layout = layout
        self.options = options
        self.signal = signal
        self.repository = try Repository(layout, identity: options.committer, blobs: blobs)
        self.configPath = repository.commonDirectory.appending("config")
        self.packedWrites = PackedWrites(repository, fsync: options.fsync)
        self.lock = CollectionLock(gitDirectory: layout.gitDirectory)
        self.workTree = repository.workTree.map {
            WorkTree($0, gitDirectory: layout.gitDirectory, options: options)
        }
    }

    // MARK: - Reading

    func snapshot() throws(StoreError) -> any Snapshot {
        try translating { () throws(GitError) in try latest() }
    }

    /// The collection as it is now, with what was changed by hand in its work tree.
    func latest() throws(GitError) -> GitSnapshot {
        let snapshot = try atHead()
        guard let workTree, try !workTree.isInStep(with: current?.commit) else { return snapshot }
        do {
            return try changing(timeout: .milliseconds(50)) { _ in }
        } catch {
            // Reading must go on while somebody else has the lock or where nothing can be written; what was changed
            // by hand is then seen later.
            return snapshot
        }
    }

    /// The directory of the repository was just looked at, and was found to be as `status` says; nil when that tells nothing.
    func sawDirectory(_ status: FileStatus?) {
        seenDirectory = status
        seenDirectoryOfConfig = status
    }

    /// What `sawDirectory` was told, unless the configuration was looked at since.
    func takeDirectoryOfConfig() -> FileStatus? {
        defer { seenDirectoryOfConfig = nil }
        return seenDirectoryOfConfig
    }

    /// The collection as the commit that HEAD leads to has it.
    func atHead() throws(GitError) -> GitSnapshot {
        let seen = seenDirectory
        seenDirectory = nil
        return try snapshot(ofCommit: repository.headCommit(in: seen))
    }

    func snapshot(ofCommit commit: ObjectID?) throws(GitError) -> GitSnapshot {
        if let current, current.commit == commit { return current.snapshot }
        let before = current?.snapshot.tree ?? .empty
        let tree =
            try commit.map { id throws(GitError) in try readTree(ofCommit: id, like: before) } ?? .empty
        let snapshot: GitSnapshot
        if let current, current.snapshot.tree.id == tree.id {
            snapshot = current.snapshot
        } else {
            snapshot = GitSnapshot(tree, in: repository, after: current?.snapshot)
            keepChanges(to: tree)
        }
        current = (commit, snapshot)
        return snapshot
    }

    private func readTree(ofCommit commit: ObjectID, like before: RawTree) throws(GitError) -> RawTree {
        if let tree = try packedWrites.tree(ofCommit: commit, from: before) { return tree }
        return try repository.tree(ofCommit: commit, like: before)
    }

    /// Keeps how `tree`, which is about to be the current one, differs from the current one.
    private func keepChanges(to tree: RawTree) {
        latestChanges = nil
        guard let old = current?.snapshot.tree, let kept = tree.kept(of: old),
            max(old.bytes.count, tree.bytes.count) - kept.prefix - kept.suffix <= Self.mostDiffering
        else { return }
        latestChanges = (old.id, tree.id, old.changes(to: tree))
    }

    /// Gives back what is only of use while the collection is.
    func rest() throws(GitError) {
        latestChanges = nil
        try repository.rest()
    }

    /// Makes `tree`, the tree of `commit`, which was just committed, the current one without reading it again; says so to
    /// whom it concerns.
    func adopt(_ tree: RawTree, ofCommit commit: ObjectID) -> GitSnapshot {
        let snapshot = GitSnapshot(tree, in: repository, after: current?.snapshot)
        keepChanges(to: tree)
        current = (commit, snapshot)
        signal?.send()
        return snapshot
    }

    func snapshot(at version: CollectionVersion) throws(StoreError) -> (any Snapshot)? {
        guard let id = ObjectID(hex: version.description.utf8) else { return nil }
        return try translating { () throws(GitError) in
            if let current, current.snapshot.tree.id == id { return current.snapshot }
            let like = current?.snapshot.tree ?? .empty
            return try repository.tree(id, like: like).map { GitSnapshot($0, in: repository) }
        }
    }

    func changes(
        from version: CollectionVersion, to snapshot: any Snapshot
    ) throws(StoreError) -> [Change]? {
        if version == snapshot.version { return [] }
        guard let id = ObjectID(hex: version.description.utf8),
            let newID = ObjectID(hex: snapshot.version.description.utf8)
        else { return nil }
        if let known = latestChanges, known.from == id, known.to == newID { return known.changes }
        return try translating { () throws(GitError) in
            let like = (snapshot as? GitSnapshot)?.tree ?? .empty
            guard let old = try repository.tree(id, like: like) else { return nil }
            if let known = snapshot as? GitSnapshot { return old.changes(to: known.tree) }
            return try repository.tree(newID).map { old.changes(to: $0) }
        }
    }

    // MARK: - Locking

    func withLock(_ body: () -> Void) throws(StoreError) {
        try translating { () throws(GitError) in
            try letPackingPass()
            try lock.held(timeout: options.lockTimeout) { body() }
        }
    }

    /// Waits a little, before a change, where many of them would fill the disk faster than it can be packed.
    func letPackingPass() throws(GitError) {
        // Smaller ones are packed by the writers themselves.
        guard !lock.isHeld, let current,
            current.snapshot.tree.bytes.count > PackedWrites.worthwhile.upperBound
        else { return }
        try PackingHurry.letPass(in: layout.gitDirectory)
    }
}
