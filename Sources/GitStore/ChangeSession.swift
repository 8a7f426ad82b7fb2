import CLibgit2
import Store

/// What is done to a collection while its lock is held: commits, and the work tree that follows them.
final class ChangeSession {
    /// The collection as it is after what was done so far.
    private(set) var snapshot: GitSnapshot
    private(set) var head: Repository.Head

    private let collection: GitCollection
    private let timeout: Duration
    private let files: WorkTreeSession?

    /// Begins with the newest state, after what was changed by hand in the work tree has been committed.
    init(_ collection: GitCollection, timeout: Duration) throws(GitError) {
        self.collection = collection
        self.timeout = timeout
        self.files = try collection.workTree.map { tree throws(GitError) in
            try WorkTreeSession(tree, lastHolderDied: collection.lock.lastHolderDied, timeout: timeout)
        }
        self.head = try collection.repository.head()
        self.snapshot = try collection.snapshot(ofCommit: head.commit)
        guard let files else { return }
        let edits = try files.reconcile(with: snapshot.tree, at: head.commit, in: collection.repository)
        if !edits.isEmpty {
            try commit(edits, by: files.author(in: collection.repository), message: "Changes made by hand")
        }
    }

    /// Commits `changes`; does nothing when they change no byte.
    ///
    /// `beforeEntry` is called when the commit is stored, before the branch leads to it.
    func commit(
        _ changes: [FileChange], by author: Author, message: String,
        beforeEntry: ((EntryID) throws(StoreError) -> Void)? = nil
    ) throws(GitError) {
        let repository = collection.repository
        var splice = TreeSplice(repository, fsync: collection.options.fsync)
        let tree = try splice.tree(snapshot.tree, applying: changes)
        if tree.id == snapshot.tree.id { return try repair(changes) }
        if let edits = try files?.untrackedFiles(inTheWayOf: changes, snapshot.tree), !edits.isEmpty {
            // Files nobody committed yet: into the history they go before they are replaced.
            try commit(
                edits, by: files?.author(in: repository) ?? author,
                message: "Files that were not yet committed")
            return try commit(changes, by: author, message: message, beforeEntry: beforeEntry)
        }
        let new = Commit(
            tree: tree.id, parent: head.commit, author: author, committer: collection.options.committer,
            time: collection.options.clock(), message: message)
        if tree.id == .emptyTree { _ = try splice.objects.add(GIT_OBJECT_TREE, []) }
        let id = try splice.objects.add(GIT_OBJECT_COMMIT, new.bytes)
        let packed = try collection.packedWrites.store(
            &splice.objects, snapshot.tree, at: head.commit, tree, in: id)
        try splice.objects.flush()
        do throws(StoreError) { try beforeEntry?(EntryID(id.description)) } catch { throw .refused(error) }
        try files?.prepare(changes, tree)
        try move(to: id, because: message)
        files?.complete()
        if let packed {
            collection.packedWrites.follow(packed)
        } else {
            collection.packedWrites.restart(at: id, tree)
        }
        head = Repository.Head(reference: head.reference, commit: id)
        snapshot = collection.adopt(tree, ofCommit: id)
    }

    /// Writes those objects of `changes`, which change nothing, anew that are damaged.
    private func repair(_ changes: [FileChange]) throws(GitError) {
        let repository = collection.repository
        var objects = LooseObjects(repository, fsync: collection.options.fsync)
        var isDamaged = false
        for change in changes {
            guard let content = change.content else { continue }
            let id = try objects.add(GIT_OBJECT_BLOB, content.bytes)
            do { _ = try repository.read(id) } catch { isDamaged = true }
        }
        guard isDamaged else { return }
        try objects.flush()
        if collection.options.fsync { try repository.objectsDirectory.flushDirectory() }
    }

    /// Ends the session: the index follows what was committed.
    func finish() {
        files?.finish(at: head.commit)
    }

    /// Moves the branch, waiting for another program that has locked it.
    private func move(to commit: ObjectID, because message: String) throws(GitError) {
        let age = collection.lock.lastHolderDied ? StaleLock.Age.ofDeadHolder : StaleLock.Age.ofReference
        let line = message.prefix { $0 != "\n" && $0 != "\r\n" }
        var wait = Wait(timeout: timeout)
        while true {
            do {
                return try collection.repository.move(
                    head, to: commit, because: "commit: \(line)", isDurable: collection.options.fsync)
            } catch  where error.isLocked {
                for path in collection.repository.lockFiles(of: head.reference) {
                    try StaleLock.remove(path, olderThan: age)
                }
                guard wait.pause() else { throw .lockTimeout }
            }
        }
    }
}
