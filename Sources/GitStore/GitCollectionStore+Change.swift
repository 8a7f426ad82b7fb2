import Glibc
public import Store

extension GitCollectionStore {
    // MARK: - Making

    /// Makes a plain directory, with those above it that are missing.
    public func makeDirectory(at path: StorePath) throws(StoreError) {
        try translating { () throws(GitError) in
            if try directory(at: path) != nil { return }
            guard let parent = path.parent else { throw .refused(.notFound) }
            do throws(StoreError) { try makeDirectory(at: parent) } catch { throw .refused(error) }
            let destination = try freePlace(at: path)
            try destination.makeDirectoryIfMissing()
            if options.fsync { try existingDirectory(at: parent).flushDirectory() }
        }
    }

    /// Makes an empty collection under a hidden name, then gives it its own.
    public func makeCollection(at path: StorePath, metadata: Metadata, by author: Author) throws(StoreError) {
        try translating { () throws(GitError) in
            let destination = try freePlace(at: path)
            try appear(at: destination) { (temporary) throws(GitError) in
                try temporary.makeDirectory()
                try RepositoryFactory.make(in: temporary, bare: !options.worktree)
                guard let layout = try RepositoryLayout(of: temporary, within: root) else {
                    throw .malformed("\(temporary) is no repository")
                }
                if !metadata.isEmpty {
                    let new = try GitCollection(
                        path: path, directory: temporary, layout: layout, options: options)
                    try new.update(metadata: metadata.mapValues { .some($0) }, by: author)
                }
                // libgit2 flushes only references of what it makes.
                if options.fsync { try temporary.flushTree() }
            }
        }
    }

    /// Builds something under a hidden name beside `destination`, then gives it its name.
    private func appear(at destination: Path, _ build: (Path) throws(GitError) -> Void) throws(GitError) {
        let parent = destination.parent
        let temporary = parent.appending(Self.unfinishedName())
        do throws(GitError) {
            try build(temporary)
            try temporary.renameToNew(destination)
        } catch {
            do throws(GitError) { try temporary.removeTree() } catch {
                // The first failure is the one to report; what stays is hidden and never served.
            }
            if case .system(_, EEXIST, _) = error { throw .refused(.exists) }
            throw error
        }
        if options.fsync { try parent.flushDirectory() }
    }

    // MARK: - Removing

    /// Moves the container at `path` into the trash.
    public func remove(_ path: StorePath) throws(StoreError) {
        try translating { () throws(GitError) in
            guard path.parent != nil else { throw .refused(.invalidName) }
            _ = try existingDirectory(at: path)
            try whileLocked(path) { () throws(GitError) in
                try Trash(below: root, fsync: options.fsync).take(
                    location(of: path), called: path, at: options.clock())
            }
            if options.fsync { try location(of: path).parent.flushDirectory() }
            close(within: path)
        }
    }

    // MARK: - Moving and copying

    /// Renames the container at `source`.
    public func move(_ source: StorePath, to destination: StorePath) throws(StoreError) {
        try translating { () throws(GitError) in
            let target = try place(for: source, at: destination)
            try whileLocked(source) { () throws(GitError) in
                do throws(GitError) {
                    try location(of: source).renameToNew(target)
                } catch {
                    if case .system(_, EEXIST, _) = error { throw .refused(.exists) }
                    throw error
                }
            }
            close(within: source)
            if options.fsync {
                try target.parent.flushDirectory()
                try location(of: source).parent.flushDirectory()
            }
        }
    }

    /// Copies the container at `source` file by file, its lock held, under a hidden name first.
    public func copy(_ source: StorePath, to destination: StorePath, recursively: Bool) throws(StoreError) {
        try translating { () throws(GitError) in
            let target = try place(for: source, at: destination)
            let directory = try existingDirectory(at: source)
            let layout = try RepositoryLayout(of: directory, within: root)
            try whileLocked(source) { () throws(GitError) in
                // An object that moves from a file of its own into a pack meanwhile could be missed in both.
                let permit = try FileLock(
                    Repack.prunePermit(below: root), timeout: options.lockTimeout)
                try appear(at: target) { (temporary) throws(GitError) in
                    try directory.copyTree(to: temporary, fsync: options.fsync) { folder, name, status in
                        Self.isCopied(name, status, in: folder, of: directory, layout, recursively)
                    }
                }
                permit.free()
            }
        }
    }

    /// True for what a copy of `directory` has too: no locks, no unfinished files, and containers only when wanted.
    private static func isCopied(
        _ name: [UInt8], _ status: FileStatus, in folder: Path, of directory: Path,
        _ layout: RepositoryLayout?,
        _ recursively: Bool
    ) -> Bool {
        let text = String(decoding: name, as: UTF8.self)
        if text.hasPrefix("artemisios.") || text.hasPrefix("tmp_obj_")
            || (text.hasPrefix(".artemisios") && name != GitCollection.propertiesFolder)
        {
            return false
        }
        let isInGit = layout.map { folder.isWithin($0.gitDirectory) } ?? false
        if isInGit && text.hasSuffix(".lock") { return false }
        guard folder == directory, status.kind == .directory, !recursively else { return true }
        let isBare = layout != nil && layout?.workTree == nil
        return isBare ? RepositoryLayout.isGitOwn(text) : name.first == UInt8(ascii: ".")
    }

    // MARK: - Places

    /// Where `source` is to go; checks both.
    private func place(for source: StorePath, at destination: StorePath) throws(GitError) -> Path {
        guard source.parent != nil, !destination.isWithin(source), !source.isWithin(destination) else {
            throw .refused(.invalidName)
        }
        _ = try existingDirectory(at: source)
        return try freePlace(at: destination)
    }

    /// Where a new container called `path` goes.
    ///
    /// - Throws: `invalidName`, `parentMissing`, `exists`, also for an item of that name in the collection around it.
    func freePlace(at path: StorePath) throws(GitError) -> Path {
        guard let parentPath = path.parent, let name = path.name else { throw .refused(.exists) }
        guard !path.names.contains(where: \.isReserved), name.description.utf8.first != UInt8(ascii: ".")
        else {
            throw .refused(.invalidName)
        }
        guard let parent = try directory(at: parentPath) else { throw .refused(.parentMissing) }
        if let layout = try RepositoryLayout(of: parent, within: root) {
            if layout.workTree == nil && RepositoryLayout.isGitOwn(name.description) {
                throw .refused(.invalidName)
            }
            let tree = try gitCollection(at: parentPath).latest().tree
            if tree.item(named: Array(name.description.utf8)) != nil { throw .refused(.exists) }
        }
        let destination = parent.appending(name.description)
        if try FileStatus(of: destination) != nil { throw .refused(.exists) }
        return destination
    }

    /// Runs `body` with the locks of the collections at and below `path`, those above first.
    ///
    /// Of very many only the first are locked: each takes an open file. Who writes to another one just then finds out, as
    /// its lock is no longer where it was.
    private func whileLocked(_ path: StorePath, _ body: () throws(GitError) -> Void) throws(GitError) {
        var collections: [StorePath] = []
        var rest = [path]
        while let next = rest.popLast(), collections.count < Self.mostLocked {
            guard let directory = try directory(at: next) else { continue }
            if try RepositoryLayout(of: directory, within: root) != nil { collections.append(next) }
            do throws(StoreError) {
                rest += try children(of: next).reversed().map { next.appending($0) }
            } catch {
                throw .refused(error)
            }
        }
        try whileLocked(collections[...], body)
    }

    private static let mostLocked = 200

    private func whileLocked(
        _ collections: ArraySlice<StorePath>, _ body: () throws(GitError) -> Void
    ) throws(GitError) {
        guard let first = collections.first else { return try body() }
        try gitCollection(at: first).lock.held(timeout: options.lockTimeout) { () throws(GitError) in
            try whileLocked(collections.dropFirst(), body)
        }
    }
}
