import CLibgit2
import Glibc
import Store

extension WorkTreeSession {
    /// One file as a tree or an index has it.
    struct TrackedFile: Equatable {
        let mode: UInt32
        let id: ObjectID

        var isRegular: Bool { mode & 0o170000 == 0o100000 }
        var isSubmodule: Bool { mode & 0o170000 == 0o160000 }

        /// True when both hold the same bytes in the same way; old repositories have modes the index cannot.
        func isSame(as other: TrackedFile) -> Bool {
            id == other.id && mode & 0o170100 == other.mode & 0o170100
        }
    }

    /// Brings what is behind `head` in step with it and finds what is ahead: the changes made by hand.
    ///
    /// - Returns: the changes to commit, staged ones and edited files.
    func reconcile(
        with head: RawTree, at commit: ObjectID?, in repository: Repository
    ) throws(GitError) -> [FileChange] {
        let indexStatus = try FileStatus(of: tree.index)
        let index = try GitIndex(tree.index)
        // The usual case, told without comparing the index with the tree: nothing happened since our last change.
        if let indexStatus, try tree.isInStep(with: commit),
            try index.agrees(with: tree.directory, writtenAt: indexStatus.modified)
        {
            return []
        }
        try removeOrphans()
        let (entries, inConflict) = index.entries()
        var headFiles: [[UInt8]: TrackedFile] = [:]
        try collect(head, below: [], from: repository, into: &headFiles)
        let base = try baseFiles(before: commit, in: repository)

        var edits: [FileChange] = []
        var paths = Set(headFiles.keys)
        paths.formUnion(entries.keys)
        for path in paths where !inConflict.contains(path) {
            let entry = entries[path]
            let indexed = entry.map { TrackedFile(mode: $0.mode, id: $0.id) }
            let file = HandledFile(
                path: path, head: headFiles[path], indexed: indexed, base: base?[path], entry: entry,
                isIndexStale: indexStatus == nil || (base != nil && isSame(indexed, base?[path])),
                indexTime: indexStatus?.modified)
            if file.head?.isSubmodule ?? indexed?.isSubmodule ?? false { continue }
            if let edit = try reconcile(file, in: repository) { edits.append(edit) }
        }
        try writeIndex(at: commit)
        return edits.sorted { $0.joinedPath.lexicographicallyPrecedes($1.joinedPath) }
    }

    /// All that is known of one path.
    private struct HandledFile {
        let path: [UInt8]
        let head: TrackedFile?
        let indexed: TrackedFile?
        /// What it was when the index was last in step.
        let base: TrackedFile?
        let entry: GitIndex.Entry?
        /// True when the index, where it differs from HEAD, is behind it.
        let isIndexStale: Bool
        let indexTime: FileStatus.Timestamp?
    }

    private func reconcile(_ file: HandledFile, in repository: Repository) throws(GitError) -> FileChange? {
        let isStaged = !isSame(file.head, file.indexed) && !file.isIndexStale
        let isBehind = !isSame(file.head, file.indexed) && file.isIndexStale
        let target = isStaged ? file.indexed : file.head
        let names = file.path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            Array($0)
        }

        guard let target else {
            if isBehind {
                try removeIfUnchanged(file)
                news[file.path] = .some(nil)
            }
            return isStaged ? .delete(names) : nil
        }
        let staged: FileChange? =
            isStaged
            ? .write(names, try repository.read(target.id).bytes, mode: target.mode) : nil
        guard target.isRegular, !(file.entry?.isIgnored ?? false) else { return staged }

        let location = location(of: file.path)
        guard let status = try FileStatus(of: location) else {
            try restore(file.path, target, from: repository)
            return staged
        }
        guard status.kind == .regular else { return staged }
        if let entry = file.entry, entry.id == target.id, isUntouched(entry, status, file.indexTime) {
            return staged
        }
        guard let bytes = try location.read() else { return staged }
        let id = try LooseObjects.id(of: GIT_OBJECT_BLOB, bytes)
        if id == target.id {
            if isBehind || !(file.entry?.matches(status) ?? false) {
                news[file.path] = IndexNews(id: id, mode: target.mode, status: status)
            }
            return staged
        }
        if isBehind && (id == file.indexed?.id || id == file.base?.id) {
            try restore(file.path, target, from: repository)
            return nil
        }
        return .write(names, bytes)
    }

    /// True when the file's looks say that it still has the bytes of `entry`.
    ///
    /// Looks prove nothing for a file that changed in the very moment the index was written.
    private func isUntouched(
        _ entry: GitIndex.Entry, _ status: FileStatus, _ indexTime: FileStatus.Timestamp?
    ) -> Bool {
        guard entry.matches(status), let indexTime else { return false }
        return (status.modified.seconds, status.modified.nanoseconds) < (
            indexTime.seconds, indexTime.nanoseconds
        )
    }

    private func isSame(_ left: TrackedFile?, _ right: TrackedFile?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.isSame(as: right)
    }

    /// Writes a tracked file that is missing or behind.
    private func restore(_ path: [UInt8], _ target: TrackedFile, from repository: Repository) throws(GitError)
    {
        try makeParents(of: path)
        let location = location(of: path)
        try location.replace(
            with: repository.read(target.id).bytes,
            through: tree.directory.appending("\(Self.temporaryPrefix)\(getpid())-old"),
            permissions: target.mode & 0o111 != 0 ? 0o777 : 0o666, fsync: tree.options.fsync)
        guard let status = try FileStatus(of: location) else { return }
        news[path] = IndexNews(id: target.id, mode: target.mode, status: status)
    }

    /// Deletes a file that HEAD no longer has, unless somebody has edited it: then it stays, unknown to Git.
    private func removeIfUnchanged(_ file: HandledFile) throws(GitError) {
        guard let indexed = file.indexed, let bytes = try location(of: file.path).read(),
            try LooseObjects.id(of: GIT_OBJECT_BLOB, bytes) == indexed.id
        else { return }
        try location(of: file.path).remove()
    }

    /// The files of the commit that the index was last in step with; nil when that is no ancestor of `head`, so that
    /// it tells nothing of what is behind.
    private func baseFiles(
        before head: ObjectID?, in repository: Repository
    ) throws(GitError) -> [[UInt8]: TrackedFile]? {
        guard let recorded = try tree.recordedCommit(), let head, recorded != head,
            try repository.isAncestor(recorded, of: head)
        else { return nil }
        var files: [[UInt8]: TrackedFile] = [:]
        try collect(repository.tree(ofCommit: recorded), below: [], from: repository, into: &files)
        return files
    }

    private func collect(
        _ tree: RawTree, below folder: [UInt8], from repository: Repository,
        into files: inout [[UInt8]: TrackedFile]
    ) throws(GitError) {
        files.reserveCapacity(files.count + tree.entries.count)
        for entry in tree.entries {
            let path = folder + tree.bytes[entry.name]
            let (mode, id) = (tree.mode(entry), tree.objectID(entry))
            if mode == RawTree.treeMode {
                guard let below = try repository.tree(id) else { throw .malformed("tree \(id) is missing") }
                try collect(below, below: path + [UInt8(ascii: "/")], from: repository, into: &files)
            } else {
                files[path] = TrackedFile(mode: mode, id: id)
            }
        }
    }

    // MARK: - Whose edits

    /// Files unknown to Git at places that `changes` are about to write, as changes to commit first.
    func untrackedFiles(inTheWayOf changes: [FileChange], _ head: RawTree) throws(GitError) -> [FileChange] {
        var found: [FileChange] = []
        for change in changes {
            guard let content = change.content, let name = change.path.first, change.path.count == 1,
                head.entry(named: name) == nil, let bytes = try location(of: name).read(),
                bytes != content.bytes
            else { continue }
            found.append(.write([name], bytes))
        }
        return found
    }

    /// Who works in the work tree: the repository's `user.name`, else the owner of its files.
    func author(in repository: Repository) throws(GitError) -> Author {
        let configured = try repository.configuredUser()
        if let name = configured.name { return Author(name: name, email: configured.email ?? "") }
        guard let status = try FileStatus(of: tree.directory), let user = unsafe getpwuid(status.user),
            let login = unsafe user.pointee.pw_name
        else { return Author(name: "unknown", email: "unknown@localhost") }
        let name = unsafe String(cString: login)
        return Author(name: name, email: "\(name)@localhost")
    }
}
