import CLibgit2
public import Store

/// A store whose containers are directories, and whose collections are Git repositories, with or without a work tree.
///
/// A symbolic link is followed when what it leads to lies within the root too; a link out of the root leads nowhere.
/// (Only who can write to the disk can make one: no client can.)
public final class GitCollectionStore: CollectionStore {
    /// The root directory, without links.
    let root: Path
    let options: GitStoreOptions
    private var open: [StorePath: OpenCollection] = [:]
    private let blobs = BlobCache(capacity: 1 << 20)
    private var uses = 0
    /// The collections used last, the latest at the end: all others rest.
    private var awake: [GitCollection] = []
    private static let maxAwake = 3
    private var rests = 0
    private static let restsPerTidying = 32

    private final class OpenCollection {
        let collection: GitCollection
        /// The directory of the repository as it was when opened: another one may take its place.
        let status: FileStatus
        /// The container's directory when what is in it was looked at last; nil when it may have changed since
        /// without a sign, or is not all there is to look at.
        private(set) var container: FileStatus?
        /// When it was last made sure that no link leads there.
        private var way = LastLook()
        var lastUse: Int

        init(_ collection: GitCollection, _ status: FileStatus, lastUse: Int) {
            self.collection = collection
            self.status = status
            self.lastUse = lastUse
        }

        /// Its directory was found, without links, to be as `container` says.
        func found(_ container: FileStatus?) {
            self.container = container
            way.renew()
        }

        /// True when nothing on the way to it, and no name in its directory, has changed; links are looked for once a second.
        func isUnchanged() throws(GitError) -> Bool {
            guard let container else { return false }
            if way.isRecent { return try FileStatus(of: collection.directory) == container }
            switch try collection.directory.lookUpDirectory() {
            case .directory(let now): guard now == container else { return false }
            case .nothing: return false
            case .unclear:
                // The directory is named as it is without links.
                guard collection.directory.resolved() == collection.directory,
                    try FileStatus(of: collection.directory) == container
                else { return false }
            }
            way.renew()
            return true
        }
    }

    /// Opens the store below the directory `root`.
    ///
    /// - Throws: `notFound` when there is no such directory.
    public init(root: String, options: GitStoreOptions = GitStoreOptions()) throws(StoreError) {
        try translating { () throws(GitError) in try GitLibrary.start(fsync: options.fsync) }
        guard let resolved = Path(root).resolved() else { throw .notFound }
        self.root = resolved
        self.options = options
    }

    // MARK: - Looking

    /// What is at `path`: a directory is a collection when it is, or has in it, a repository.
    public func kind(at path: StorePath) throws(StoreError) -> ContainerKind? {
        try container(at: path)?.kind
    }

    /// What is at `path`, with the collection if it is open.
    public func container(at path: StorePath) throws(StoreError) -> Store.Container? {
        try translating { () throws(GitError) in
            if let collection = try unchanged(path) { return Container(.collection, collection: collection) }
            guard let directory = try directory(at: path) else { return nil }
            let layout = try RepositoryLayout(of: directory, within: root)
            return Container(layout == nil ? .directory : .collection)
        }
    }

    /// Names of the containers directly in `path`, without those Git itself uses in a bare repository.
    public func children(of path: StorePath) throws(StoreError) -> [ItemName] {
        try translating { () throws(GitError) in
            let directory = try existingDirectory(at: path)
            let isBare = try RepositoryLayout(of: directory, within: root).map { $0.workTree == nil } ?? false
            var children: [ItemName] = []
            for bytes in try directory.directoryNames() where bytes.first != UInt8(ascii: ".") {
                guard let text = String(validating: bytes, as: UTF8.self), let name = ItemName(text),
                    !name.isReserved,
                    !(isBare && RepositoryLayout.isGitOwn(text)),
                    try isContainer(directory.appending(bytes: bytes))
                else { continue }
                children.append(name)
            }
            return children.sorted()
        }
    }

    /// The collection at `path`, opened at first use and kept open.
    public func collection(at path: StorePath) throws(StoreError) -> any ItemCollection {
        try translating { () throws(GitError) in try gitCollection(at: path) }
    }

    /// The collection at `path`, kept open for the next time.
    func gitCollection(at path: StorePath) throws(GitError) -> GitCollection {
        uses += 1
        if let collection = try unchanged(path) { return collection }
        let directory = try existingDirectory(at: path)
        let now = FileClock.now
        // Before its content, so that a change in between is found later.
        let before = try FileStatus(of: directory)
        guard let layout = try RepositoryLayout(of: directory, within: root),
            let status = try FileStatus(of: layout.gitDirectory)
        else { throw .refused(.notFound) }
        let isAll = layout.gitDirectory == directory && directory == location(of: path)
        func settled(_ clock: FileClock) -> FileStatus? {
            before.flatMap { isAll && clock.isSettled($0, at: now) ? $0 : nil }
        }
        if let known = open[path], known.status.isSameFile(as: status), known.collection.layout == layout {
            known.lastUse = uses
            known.found(settled(known.collection.repository.clock))
            known.collection.sawDirectory(nil)
            try use(known.collection)
            return known.collection
        }
        let collection = try GitCollection(
            path: path, directory: directory, layout: layout, options: options,
            signal: ChangeSignal(below: root), blobs: blobs)
        if open.count >= max(1, options.maxOpenRepositories),
            // One whose lock is held stays: opened anew it would wait for itself.
            let oldest = open.filter({ !$0.value.collection.lock.isHeld })
                .min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            open[oldest.key] = nil
            awake.removeAll { $0 === oldest.value.collection }
        }
        let opened = OpenCollection(collection, status, lastUse: uses)
        opened.found(settled(collection.repository.clock))
        open[path] = opened
        try use(collection)
        return collection
    }

    /// Notes that a collection is used, and has the one rest that was not used for longest.
    private func use(_ collection: GitCollection) throws(GitError) {
        if awake.last === collection { return }
        awake.removeAll { $0 === collection }
        awake.append(collection)
        guard awake.count > Self.maxAwake else { return }
        try awake.removeFirst().rest()
        rests += 1
        // What one leaves behind lies, freed, between what stays of others.
        if rests % Self.restsPerTidying == 0 { shim_return_memory() }
    }

    /// The open collection at `path` if nothing on the way to it, and no name in its directory, has changed.
    func unchanged(_ path: StorePath) throws(GitError) -> GitCollection? {
        guard let known = open[path], try known.isUnchanged() else { return nil }
        uses += 1
        known.lastUse = uses
        known.collection.sawDirectory(known.container)
        try use(known.collection)
        return known.collection
    }

    /// Forgets the open collections at and below `path`, which moves away.
    func close(within path: StorePath) {
        open = open.filter { !$0.key.isWithin(path) }
        awake.removeAll { $0.path.isWithin(path) }
    }

    // MARK: - Paths

    /// The directory of the container at `path`, links resolved; nil when there is none that can be served.
    func directory(at path: StorePath) throws(GitError) -> Path? {
        if path.names.contains(where: \.isReserved) { return nil }
        let plain = location(of: path)
        switch try plain.lookUpDirectory() {
        case .directory: return try isInsideGit(path) ? nil : plain
        case .nothing: return nil
        case .unclear: break
        }
        guard let resolved = plain.resolved(), resolved.isWithin(root) else { return nil }
        if resolved != plain, !isServable(resolved) { return nil }
        guard try FileStatus(of: resolved)?.kind == .directory else { return nil }
        return try isInsideGit(path) ? nil : resolved
    }

    /// Where the container at `path` is or would be.
    func location(of path: StorePath) -> Path {
        path.names.reduce(root) { $0.appending($1.description) }
    }

    /// As `directory(at:)` where there must be one.
    func existingDirectory(at path: StorePath) throws(GitError) -> Path {
        guard let directory = try directory(at: path) else { throw .refused(.notFound) }
        return directory
    }

    /// True when a name of `path` belongs to Git in the bare repository around it, as `objects` and `refs` do.
    private func isInsideGit(_ path: StorePath) throws(GitError) -> Bool {
        var location = root
        for name in path.names {
            if RepositoryLayout.isGitOwn(name.description),
                let layout = try RepositoryLayout(of: location, within: root), layout.workTree == nil
            {
                return true
            }
            location = location.appending(name.description)
        }
        return false
    }

    /// True when no name on the way from the root to `resolved` is reserved; where a link leads must be servable too.
    private func isServable(_ resolved: Path) -> Bool {
        resolved.bytes.dropFirst(root.bytes.count).split(separator: UInt8(ascii: "/")).allSatisfy { bytes in
            guard let text = String(validating: bytes, as: UTF8.self), let name = ItemName(text) else {
                return false
            }
            return !name.isReserved
        }
    }

    private func isContainer(_ path: Path) throws(GitError) -> Bool {
        switch try FileStatus(of: path)?.kind {
        case .directory: return true
        case .link:
            guard let target = path.resolved(), target.isWithin(root), isServable(target) else {
                return false
            }
            return try FileStatus(of: target)?.kind == .directory
        case .regular, .other, nil: return false
        }
    }
}
