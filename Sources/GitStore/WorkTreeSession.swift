import CLibgit2
import Glibc
import Store

/// Changes to a work tree while its index is locked, as `git` and Xandikos lock it.
final class WorkTreeSession {
    let tree: WorkTree
    /// What the index has to learn: for each path what it holds now, nil for a path to take out.
    var news: [[UInt8]: IndexNews?] = [:]
    /// Files written in full, waiting for the commit to be made before they get their names.
    private var prepared: [(temporary: Path, destination: Path, path: [UInt8], news: (ObjectID, UInt32))] = []
    private var deletions: [[UInt8]] = []
    private var isHoldingLock = false
    private var hasFailed = false

    /// What the index is to say of a file.
    struct IndexNews {
        let id: ObjectID
        let mode: UInt32
        let status: FileStatus
    }

    /// The text in our lock files; one that is there while the collection's lock is ours is an orphan.
    private static let mark = Array("artemisios\n".utf8)

    /// How the names of files begin that are not yet what they are to be.
    static let temporaryPrefix = ".artemisios-file-"

    init(_ tree: WorkTree, lastHolderDied: Bool, timeout: Duration) throws(GitError) {
        self.tree = tree
        var wait = Wait(timeout: timeout)
        while true {
            do {
                let file = try File(tree.indexLock, O_WRONLY | O_CREAT | O_EXCL)
                isHoldingLock = true
                try file.write(Self.mark)
                return
            } catch .system(_, EEXIST, _) {
                if try tree.indexLock.read() == Self.mark {
                    try tree.indexLock.remove()
                } else {
                    try StaleLock.remove(
                        tree.indexLock,
                        olderThan: lastHolderDied ? StaleLock.Age.ofDeadHolder : StaleLock.Age.ofIndex)
                    guard wait.pause() else { throw .lockTimeout }
                }
            }
        }
    }

    deinit {
        for file in prepared { unlink(ignoringFailure: file.temporary) }
        if isHoldingLock { unlink(ignoringFailure: tree.indexLock) }
    }

    /// Removes the files that a writer had prepared when it was killed or the power was cut.
    func removeOrphans() throws(GitError) {
        for name in try tree.directory.directoryNames() where name.starts(with: Self.temporaryPrefix.utf8) {
            try tree.directory.appending(bytes: name).remove()
        }
    }

    func location(of path: [UInt8]) -> Path { tree.directory.appending(bytes: path) }

    // MARK: - Following a commit

    /// Writes the files of `changes` under temporary names, so that a full disk is found before the commit is made.
    func prepare(_ changes: [FileChange], _ committed: RawTree) throws(GitError) {
        prepared = []
        deletions = []
        for change in changes {
            let path = change.joinedPath
            guard let content = change.content else {
                deletions.append(path)
                continue
            }
            let destination = location(of: path)
            let id = try LooseObjects.id(of: GIT_OBJECT_BLOB, content.bytes)
            let mode =
                change.path.count == 1
                ? committed.entry(named: path).map { committed.mode($0) } ?? RawTree.fileMode
                : content.mode ?? RawTree.fileMode
            let temporary = tree.directory.appending("\(Self.temporaryPrefix)\(getpid())-\(prepared.count)")
            unlink(ignoringFailure: temporary)
            prepared.append((temporary, destination, path, (id, mode)))
            if try destination.read() == content.bytes { continue }
            if mode & 0o170000 == 0o120000 {
                try system("symlink", temporary) {
                    unsafe symlink(Path(bytes: content.bytes).chars, temporary.chars)
                }
                continue
            }
            let file = try File(
                temporary, O_WRONLY | O_CREAT | O_EXCL, permissions: mode & 0o111 != 0 ? 0o777 : 0o666)
            try file.write(content.bytes)
            if tree.options.fsync { try file.flush() }
        }
    }

    /// Gives the prepared files their names.
    ///
    /// The commit is made: what fails here is brought in step by the next change.
    func complete() {
        do {
            for path in deletions {
                try location(of: path).remove()
                news[path] = .some(nil)
            }
            for file in prepared {
                if try FileStatus(of: file.temporary) != nil {
                    try makeParents(of: file.path)
                    try file.temporary.rename(to: file.destination)
                }
                guard let status = try FileStatus(of: file.destination) else { continue }
                news[file.path] = IndexNews(id: file.news.0, mode: file.news.1, status: status)
            }
            if tree.options.fsync && !(prepared.isEmpty && deletions.isEmpty) {
                try tree.directory.flushDirectory()
            }
        } catch {
            hasFailed = true
        }
        prepared = []
        deletions = []
    }

    func makeParents(of path: [UInt8]) throws(GitError) {
        for slash in path.indices where path[slash] == UInt8(ascii: "/") {
            try location(of: Array(path[..<slash])).makeDirectoryIfMissing()
        }
    }

    /// Brings the index in step with the files and ends the session.
    func finish(at commit: ObjectID?) {
        if hasFailed { return }
        do {
            try writeIndex(at: commit)
        } catch {
            // As in `complete`: the record still names the old commit, so the next change finds what is behind.
            hasFailed = true
        }
    }

    /// Writes what the index has to learn, then the record that all is in step with `commit`.
    func writeIndex(at commit: ObjectID?) throws(GitError) {
        if !news.isEmpty {
            let copy = tree.gitDirectory.appending("artemisios.index")
            unlink(ignoringFailure: copy.suffixed(".lock"))
            if let bytes = try tree.index.read() {
                try copy.replace(with: bytes, through: copy.suffixed(".new"), fsync: false)
            } else {
                try copy.remove()
            }
            let index = try GitIndex(copy)
            for (path, entry) in news where entry == nil { try index.remove(path) }
            for (path, entry) in news {
                if let entry {
                    try index.set(
                        path, entry.id,
                        mode: entry.mode & 0o111 != 0 || entry.mode & 0o170000 != 0o100000
                            ? entry.mode : RawTree.fileMode, entry.status)
                }
            }
            try index.write()
            if tree.options.fsync {
                let file = try File(copy, O_RDONLY)
                try file.flush()
            }
            try copy.rename(to: tree.index)
            news = [:]
        }
        if try !tree.isInStep(with: commit) { try tree.writeRecord(for: commit) }
    }
}
