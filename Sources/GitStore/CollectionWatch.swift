import Glibc
public import Store

/// Finds the collections of a store whose branches moved or whose packs changed since the last look.
///
/// It remembers directories by their times, so a look costs two or three system calls a container. Changes by other
/// programs are seen as well.
public final class CollectionWatch {
    private let store: GitCollectionStore
    private let signal: ChangeSignal
    private var containers: [StorePath: Container] = [:]
    private var lastSignal: FileStatus.Timestamp?
    /// Can be read once some collection has changed since `isSignalled` was last asked; -1 where the system cannot tell.
    public let descriptor: Int32

    private struct Container {
        let directory: Path
        let layout: RepositoryLayout?
        /// What changes when a branch moves, and when somebody pushes.
        let watched: [Path]
        var times: [FileStatus.Timestamp?]
        /// When its list of sub-containers was read.
        var listed: FileStatus.Timestamp?
        var children: [StorePath]
    }

    /// The containers that were there at the last look.
    public var paths: [StorePath] { Array(containers.keys) }

    /// Starts to watch `store`.
    public init(_ store: GitCollectionStore) throws(StoreError) {
        let signal = ChangeSignal(below: store.root)
        self.store = store
        self.signal = signal
        try translating { () throws(GitError) in
            try store.root.appending(".artemisios").makeDirectoryIfMissing()
            try signal.make()
        }
        self.descriptor = signal.watch()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// True when a process that writes through this program has changed some collection since this was last asked.
    public func isSignalled() throws(StoreError) -> Bool {
        try translating { () throws(GitError) in
            var events = [UInt8](repeating: 0, count: 4096)
            while descriptor >= 0, unsafe Glibc.read(descriptor, &events, events.count) > 0 {}
            let time = try signal.time()
            defer { lastSignal = time }
            if time == nil { try signal.make() }
            return time != lastSignal
        }
    }

    /// The collections that changed since the last call; at the first call all of them.
    ///
    /// One that cannot be looked at is left out.
    ///
    /// - Complexity: O(n) in the number of containers, some microseconds for each.
    public func changed() throws(StoreError) -> [StorePath] {
        var changed: [StorePath] = []
        var seen: Set<StorePath> = []
        var rest: [StorePath] = [.root]
        while let path = rest.popLast() {
            guard seen.insert(path).inserted else { continue }
            do {
                if try look(at: path) { changed.append(path) }
            } catch {
                containers[path] = nil
                if path == .root { throw error }
            }
            rest += containers[path]?.children ?? []
        }
        containers = containers.filter { seen.contains($0.key) }
        return changed
    }

    /// Brings what is known of a container up to date; true for a collection that changed.
    private func look(at path: StorePath) throws(StoreError) -> Bool {
        var container: Container
        var isNew = false
        let known = containers[path]
        let status = try translating { () throws(GitError) in
            try FileStatus(of: known?.directory ?? store.location(of: path), followingLinks: true)
        }
        if let known, status != nil, known.listed == status?.modified {
            container = known
        } else {
            container = try translating { () throws(GitError) in try read(path, status?.modified) }
            container.children = try store.children(of: path).map { path.appending($0) }
            isNew = known?.layout != container.layout
            if let known, !isNew { container.times = known.times }
        }
        let times = try translating { () throws(GitError) in
            try container.watched.map { path throws(GitError) in try FileStatus(of: path)?.modified }
        }
        let hasChanged = container.layout != nil && (isNew || times != container.times)
        container.times = times
        containers[path] = container
        return hasChanged
    }

    private func read(_ path: StorePath, _ listed: FileStatus.Timestamp?) throws(GitError) -> Container {
        let directory = try store.existingDirectory(at: path)
        let layout = try RepositoryLayout(of: directory, within: store.root)
        let owner = try layout?.objectsOwner()
        let watched = owner.map { [$0.appending("refs/heads"), $0.appending("objects/pack")] } ?? []
        return Container(
            directory: directory, layout: layout, watched: watched, times: [], listed: listed, children: [])
    }
}
