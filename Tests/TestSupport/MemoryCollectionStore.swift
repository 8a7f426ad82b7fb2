public import Store

/// A store in memory that keeps the promises of `CollectionStore`, for tests of the layers above it.
public final class MemoryCollectionStore: CollectionStore {
    private final class Container {
        var children: [ItemName: Container] = [:]
        /// Settings of a plain directory; a collection's are part of its state.
        var metadata: Metadata = [:]
        var collection: MemoryCollection?

        func copy(recursively: Bool) -> Container {
            let copy = Container()
            copy.metadata = metadata
            copy.collection = collection?.copy()
            if recursively { copy.children = children.mapValues { $0.copy(recursively: true) } }
            return copy
        }

        func setPath(_ path: StorePath) {
            collection?.path = path
            for (name, child) in children { child.setPath(path.appending(name)) }
        }
    }

    private let top = Container()
    /// Everything taken out by `remove`, oldest first.
    public private(set) var trash: [StorePath] = []

    /// Makes a store that has only a root.
    public init() {}

    private func node(at path: StorePath) -> Container? {
        var container = top
        for name in path.names {
            guard !name.isReserved, let child = container.children[name] else { return nil }
            container = child
        }
        return container
    }

    private func existing(_ path: StorePath) throws(StoreError) -> Container {
        guard let container = node(at: path) else { throw .notFound }
        return container
    }

    /// The parent of a new container called `path`, and its name there.
    private func freePlace(_ path: StorePath) throws(StoreError) -> (parent: Container, name: ItemName) {
        guard let parentPath = path.parent, let name = path.name else { throw .exists }
        guard !path.names.contains(where: \.isReserved), name.description.utf8.first != UInt8(ascii: ".")
        else {
            throw .invalidName
        }
        guard let parent = node(at: parentPath) else { throw .parentMissing }
        guard parent.children[name] == nil, parent.collection?.state.items[name] == nil else { throw .exists }
        return (parent, name)
    }

    /// What is at `path`.
    public func kind(at path: StorePath) throws(StoreError) -> ContainerKind? {
        try container(at: path)?.kind
    }

    /// What is at `path`, with the collection.
    public func container(at path: StorePath) throws(StoreError) -> Store.Container? {
        node(at: path).map {
            Store.Container($0.collection == nil ? .directory : .collection, collection: $0.collection)
        }
    }

    /// Names of the containers directly in `path`.
    public func children(of path: StorePath) throws(StoreError) -> [ItemName] {
        try existing(path).children.keys.sorted()
    }

    /// The collection at `path`.
    public func collection(at path: StorePath) throws(StoreError) -> any ItemCollection {
        guard let collection = try existing(path).collection else { throw .notFound }
        return collection
    }

    /// The settings of the container at `path`.
    public func metadata(of path: StorePath) throws(StoreError) -> Metadata {
        let container = try existing(path)
        return container.collection?.state.metadata ?? container.metadata
    }

    /// Changes settings; those of a collection make a new version.
    public func update(metadata changes: MetadataChanges, of path: StorePath, by author: Author)
        throws(StoreError)
    {
        let container = try existing(path)
        if let collection = container.collection {
            collection.change(by: author, message: "Settings") { state in
                for (key, value) in changes { state.metadata[key] = value }
            }
        } else {
            for (key, value) in changes { container.metadata[key] = value }
        }
    }

    /// Makes a plain directory and those above it.
    public func makeDirectory(at path: StorePath) throws(StoreError) {
        if node(at: path) != nil { return }
        guard let parentPath = path.parent else { throw .notFound }
        try makeDirectory(at: parentPath)
        let (parent, name) = try freePlace(path)
        parent.children[name] = Container()
    }

    /// Makes an empty collection.
    public func makeCollection(at path: StorePath, metadata: Metadata, by author: Author) throws(StoreError) {
        let (parent, name) = try freePlace(path)
        let container = Container()
        container.collection = MemoryCollection(
            path: path, metadata: metadata,
            containers: { [weak container] in
                Set((container?.children ?? [:]).keys)
            })
        parent.children[name] = container
    }

    /// Takes the container at `path` out; `trash` remembers its path only.
    public func remove(_ path: StorePath) throws(StoreError) {
        guard let parent = path.parent, let name = path.name else { throw .invalidName }
        _ = try existing(path)
        try existing(parent).children[name] = nil
        trash.append(path)
    }

    /// Moves the container at `source`.
    public func move(_ source: StorePath, to destination: StorePath) throws(StoreError) {
        let (container, parent, name) = try place(for: source, at: destination)
        parent.children[name] = container
        container.setPath(destination)
        guard let oldParent = source.parent, let oldName = source.name else { throw .invalidName }
        try existing(oldParent).children[oldName] = nil
    }

    /// Copies the container at `source` with all its versions.
    public func copy(_ source: StorePath, to destination: StorePath, recursively: Bool) throws(StoreError) {
        let (container, parent, name) = try place(for: source, at: destination)
        let copy = container.copy(recursively: recursively)
        copy.setPath(destination)
        parent.children[name] = copy
    }

    /// A number that does not change.
    public func freeBytes() throws(StoreError) -> Int { 1 << 40 }

    private var kept: [WriteLock] = []

    private final class Table: LockTable {
        let store: MemoryCollectionStore
        var locks: [WriteLock] { store.kept }

        init(_ store: MemoryCollectionStore) { self.store = store }

        func replace(with locks: [WriteLock]) throws(StoreError) { store.kept = locks }

        func release() {}
    }

    /// The locks.
    public func locks() throws(StoreError) -> [WriteLock] { kept }

    /// The locks: nobody else is there to change them.
    public func lockTable(exclusive: Bool) throws(StoreError) -> any LockTable { Table(self) }

    private func place(
        for source: StorePath, at destination: StorePath
    ) throws(StoreError) -> (source: Container, parent: Container, name: ItemName) {
        guard source.parent != nil, !destination.isWithin(source), !source.isWithin(destination) else {
            throw .invalidName
        }
        let container = try existing(source)
        let (parent, name) = try freePlace(destination)
        return (container, parent, name)
    }
}

/// A collection of a `MemoryCollectionStore`.
public final class MemoryCollection: ItemCollection {
    struct State: Hashable {
        var items: [ItemName: ItemVersion] = [:]
        var metadata: Metadata = [:]
        var properties: [ItemName: [UInt8]] = [:]
    }

    /// Where the collection is.
    public fileprivate(set) var path: StorePath
    /// Who made each change, and what they said of it, oldest first.
    public private(set) var history: [(author: Author, message: String)] = []
    /// The version that each change made.
    private var historyVersions: [CollectionVersion] = []
    private(set) var state: State
    fileprivate var blobs: [ItemVersion: [UInt8]] = [:]
    private var versions: [[UInt8]: ItemVersion] = [:]
    private var states: [State: CollectionVersion] = [:]
    private var known: [CollectionVersion: State] = [:]
    private let containers: () -> Set<ItemName>

    init(path: StorePath, metadata: Metadata, containers: @escaping () -> Set<ItemName>) {
        self.path = path
        self.state = State(metadata: metadata)
        self.containers = containers
        _ = version(of: state)
    }

    func copy() -> MemoryCollection {
        let copy = MemoryCollection(path: path, metadata: [:], containers: { [] })
        (copy.history, copy.state, copy.blobs, copy.versions) = (history, state, blobs, versions)
        (copy.states, copy.known, copy.historyVersions) = (states, known, historyVersions)
        return copy
    }

    fileprivate func version(of state: State) -> CollectionVersion {
        if let version = states[state] { return version }
        let version = CollectionVersion("c\(states.count)")
        states[state] = version
        known[version] = state
        return version
    }

    func change(by author: Author, message: String, _ body: (inout State) -> Void) {
        var new = state
        body(&new)
        guard new != state else { return }
        state = new
        history.append((author, message))
        historyVersions.append(version(of: state))
    }

    /// The collection as it is now.
    public func snapshot() throws(StoreError) -> any Snapshot {
        MemorySnapshot(state, version: version(of: state), of: self)
    }

    /// The collection as it was at `version`.
    public func snapshot(at version: CollectionVersion) throws(StoreError) -> (any Snapshot)? {
        known[version].map { MemorySnapshot($0, version: version, of: self) }
    }

    /// What changed from `version` to `snapshot`.
    public func changes(
        from version: CollectionVersion, to snapshot: any Snapshot
    ) throws(StoreError) -> [Change]? {
        guard let old = known[version]?.items, let new = known[snapshot.version]?.items else { return nil }
        return Set(old.keys).union(new.keys).sorted().compactMap { name in
            guard let now = new[name] else { return .deleted(name) }
            return now == old[name] ? nil : .written(Item(name: name, version: now))
        }
    }

    /// The settings at the version of `snapshot`.
    public func metadata(in snapshot: any Snapshot) throws(StoreError) -> Metadata {
        known[snapshot.version]?.metadata ?? state.metadata
    }

    /// Changes items as `plan`, called once, says.
    public func update(
        by author: Author, _ plan: (any Snapshot) -> UpdatePlan?
    ) throws(StoreError) -> any Snapshot {
        guard let plan = plan(try snapshot()) else { return try snapshot() }
        for (name, _) in plan.writes {
            if name.isReserved || name.description.lowercased().hasPrefix(".git") { throw .invalidName }
            if containers().contains(name) { throw .exists }
        }
        var new = state
        for (name, bytes) in plan.writes {
            let version = versions[bytes] ?? ItemVersion("b\(versions.count)")
            versions[bytes] = version
            blobs[version] = bytes
            new.items[name] = version
        }
        for name in plan.deletions {
            new.items[name] = nil
            new.properties[name] = nil
        }
        for (name, bytes) in plan.properties { new.properties[name] = bytes }
        if new != state { try plan.beforeEntry?(EntryID("e\(history.count)")) }
        change(by: author, message: plan.message) { $0 = new }
        return try snapshot()
    }

    /// The changes made, one a second.
    public func history(from entry: EntryID?, limit: Int) throws(StoreError) -> [HistoryEntry]? {
        var newest = history.count - 1
        if let entry {
            guard let index = history.indices.first(where: { EntryID("e\($0)") == entry }) else { return nil }
            newest = index
        }
        return (0..<(newest + 1)).reversed().prefix(limit).map { index in
            HistoryEntry(
                id: EntryID("e\(index)"), version: historyVersions[index], time: Int64(index),
                author: history[index].author.name, message: history[index].message)
        }
    }

    /// True for the number of one of the changes made.
    public func hasEntry(_ entry: EntryID) throws(StoreError) -> Bool {
        history.indices.contains { EntryID("e\($0)") == entry }
    }

    /// Nothing: there is no clock.
    public func itemTimes(for name: ItemName?, in snapshot: any Snapshot) throws(StoreError) -> ItemTimesTable
    { [:] }

    /// Runs `body`: nobody else is there to wait for.
    public func withLock(_ body: () -> Void) throws(StoreError) { body() }
}

private final class MemorySnapshot: Snapshot {
    let version: CollectionVersion
    private let state: MemoryCollection.State
    private let collection: MemoryCollection

    init(_ state: MemoryCollection.State, version: CollectionVersion, of collection: MemoryCollection) {
        self.state = state
        self.version = version
        self.collection = collection
    }

    var items: Items {
        Items(state.items.sorted { $0.key < $1.key }.map { Item(name: $0.key, version: $0.value) })
    }

    func item(named name: ItemName) -> Item? {
        state.items[name].map { Item(name: name, version: $0) }
    }

    var hasProperties: Bool { !state.properties.isEmpty }

    func properties(of name: ItemName) throws(StoreError) -> [UInt8]? { state.properties[name] }

    func bytes(of version: ItemVersion) throws(StoreError) -> [UInt8] {
        guard let bytes = collection.blobs[version] else { throw .notFound }
        return bytes
    }

    func usedBytes() throws(StoreError) -> Int {
        var bytes = 0
        for version in state.items.values { bytes += try byteCount(of: version) }
        return bytes
    }

    func byteCount(of version: ItemVersion) throws(StoreError) -> Int {
        try bytes(of: version).count
    }
}
