/// What is at a path of a store.
public enum ContainerKind: Hashable, Sendable {
    /// A plain directory: it has sub-containers and settings, but no items and no versions.
    case directory
    /// A collection: it has items, versions and settings, and may have sub-containers.
    case collection
}

/// What is at a path of a store, and the collection itself where the store has it at hand.
public struct Container {
    /// What it is.
    public let kind: ContainerKind
    /// The collection; nil when it would first have to be opened, and for a plain directory.
    public let collection: (any ItemCollection)?

    /// Makes it of its parts.
    public init(_ kind: ContainerKind, collection: (any ItemCollection)? = nil) {
        self.kind = kind
        self.collection = collection
    }
}

/// A tree of containers, some of which are collections of items.
///
/// One caller at a time uses a store object; several processes may use the same store at once.
public protocol CollectionStore: AnyObject {
    /// What is at `path`, nil when there is nothing that can be served.
    func kind(at path: StorePath) throws(StoreError) -> ContainerKind?

    /// What is at `path`, by one look; nil when there is nothing that can be served.
    func container(at path: StorePath) throws(StoreError) -> Container?

    /// Names of the containers directly in `path`, in byte order; reserved and hidden (`.`) names are left out.
    ///
    /// - Throws: `notFound` when there is no container at `path`.
    func children(of path: StorePath) throws(StoreError) -> [ItemName]

    /// The collection at `path`.
    ///
    /// - Throws: `notFound` when there is no collection at `path`.
    func collection(at path: StorePath) throws(StoreError) -> any ItemCollection

    /// The settings of the container at `path`; a damaged settings file reads as far as it can be read.
    ///
    /// - Throws: `notFound` when there is no container at `path`.
    func metadata(of path: StorePath) throws(StoreError) -> Metadata

    /// Changes settings of the container at `path`, all or none; in a collection that keeps them with its items
    /// this makes a new version.
    ///
    /// - Throws: `notFound` when there is no container at `path`.
    func update(metadata changes: MetadataChanges, of path: StorePath, by author: Author) throws(StoreError)

    /// Makes a plain directory, with those above it that are missing. Does nothing when it is there.
    func makeDirectory(at path: StorePath) throws(StoreError)

    /// Makes an empty collection with `metadata`; it appears whole or not at all.
    ///
    /// - Throws: `exists`, `parentMissing`, `invalidName`.
    func makeCollection(at path: StorePath, metadata: Metadata, by author: Author) throws(StoreError)

    /// Takes the container at `path`, with all in it, out of the tree into the store's trash.
    ///
    /// - Throws: `notFound`; `invalidName` for the root.
    func remove(_ path: StorePath) throws(StoreError)

    /// Moves the container at `source`, with all in it and its history, to `destination`, where nothing may be.
    ///
    /// - Throws: `notFound`, `exists`, `parentMissing`, `invalidName` (also when one path lies within the other).
    func move(_ source: StorePath, to destination: StorePath) throws(StoreError)

    /// Copies the container at `source`, its items, settings and history, to `destination`, where nothing may be;
    /// sub-containers come along when `recursively` says so.
    ///
    /// - Throws: `notFound`, `exists`, `parentMissing`, `invalidName` (also when one path lies within the other).
    func copy(_ source: StorePath, to destination: StorePath, recursively: Bool) throws(StoreError)

    /// The number of bytes that there is still room for, whatever is set elsewhere.
    func freeBytes() throws(StoreError) -> Int

    /// The locks as they are now, also those that have ended; nothing keeps them from changing.
    func locks() throws(StoreError) -> [WriteLock]

    /// The locks, which do not change until the table is released.
    ///
    /// Whoever writes takes it before any collection's lock, and keeps it until the write is done.
    ///
    /// - Parameter exclusive: whether to take it alone, to change the locks.
    /// - Returns: the table, which whoever takes it releases.
    /// - Throws: `busy` when others do not release it in time.
    func lockTable(exclusive: Bool) throws(StoreError) -> any LockTable
}

/// A collection of items with versions.
public protocol ItemCollection: AnyObject {
    /// Where the collection is in its store.
    var path: StorePath { get }

    /// The collection as it is now; stays as it is whatever is written later.
    func snapshot() throws(StoreError) -> any Snapshot

    /// The collection as it was at `version`, nil when the store does not know that version.
    func snapshot(at version: CollectionVersion) throws(StoreError) -> (any Snapshot)?

    /// What changed from `version` to `snapshot`, one change an item, in byte order of the names.
    ///
    /// - Returns: nil when the store does not know `version`.
    func changes(from version: CollectionVersion, to snapshot: any Snapshot) throws(StoreError) -> [Change]?

    /// When items were made and last changed, as far as the history was looked through by now; those that are not in
    /// it are not known, or are no items.
    ///
    /// A long history is looked through in steps, one with each call.
    ///
    /// - Parameters:
    ///   - name: the item that the caller wants to know of, nil for all.
    ///   - snapshot: the collection as the caller knows it; the times may be newer.
    /// - Returns: the times by the names of the items.
    /// - Throws: `notFound`, `damaged`.
    func itemTimes(for name: ItemName?, in snapshot: any Snapshot) throws(StoreError) -> ItemTimesTable

    /// The settings of the collection as `snapshot`, one of its own, has them; those that are kept outside of the items
    /// are the ones of now.
    func metadata(in snapshot: any Snapshot) throws(StoreError) -> Metadata

    /// Changes items, all or none, under the collection's lock, as one entry of the history.
    ///
    /// - Parameters:
    ///   - author: who changes it.
    ///   - plan: called under the lock with the collection as it is now; returns what to change, or nil to change
    ///     nothing. Conditions that must hold at the moment of the change are checked here. It is called again, with
    ///     the newer state, when somebody who does not know the lock changed the collection in between.
    /// - Returns: the collection after the change. Equal to the one before when the plan changes no byte: then no
    ///   entry is made.
    /// - Throws: `busy` when the lock is not free in time; `invalidName` for an item whose name is reserved or cannot
    ///   be stored; `exists` for one whose name a container, or something that is no item, has; `full`; `readOnly`;
    ///   `damaged`.
    func update(by author: Author, _ plan: (any Snapshot) -> UpdatePlan?) throws(StoreError) -> any Snapshot

    /// The entries of the history that led to `entry`, itself first, then each the one before; from the newest one on
    /// with nil.
    ///
    /// What was merged into the collection counts as one change.
    ///
    /// - Returns: `limit` entries, fewer where the history begins; nil when the history does not have `entry`.
    /// - Complexity: O(`limit`), and with an entry O(n) in the entries since then.
    func history(from entry: EntryID?, limit: Int) throws(StoreError) -> [HistoryEntry]?

    /// True when the history of the collection, as it is now, has `entry`.
    func hasEntry(_ entry: EntryID) throws(StoreError) -> Bool

    /// Runs `body` with the collection's lock held; `update` may be called inside. For changes that span collections:
    /// take the locks in the order of the paths.
    func withLock(_ body: () -> Void) throws(StoreError)
}

/// What to change in a collection, and how the history is to tell it.
public struct UpdatePlan {
    /// Items to write: name and bytes.
    public var writes: [(name: ItemName, bytes: [UInt8])]
    /// Items to delete; those that are not there are passed over.
    public var deletions: [ItemName]
    /// Properties to keep with items that are there or are written, nil to take them away.
    ///
    /// Properties go with their item when it is deleted, and stay when it is written over.
    public var properties: [(name: ItemName, bytes: [UInt8]?)]
    /// One line for the history; the store adds the trailers of the author.
    public var message: String
    /// Called, with the lock held, when everything of the change is stored but the change itself is not yet made: with
    /// the entry that the history then has.
    ///
    /// What is left behind here and names the entry is in force exactly when the history has the entry
    /// (`ItemCollection.hasEntry`), wherever the process is killed. It is called again, with another entry, when somebody
    /// was faster; not at all when the plan changes no byte. What it throws ends the change.
    public var beforeEntry: ((EntryID) throws(StoreError) -> Void)?

    /// Makes a plan.
    public init(
        writes: [(name: ItemName, bytes: [UInt8])] = [], deletions: [ItemName] = [],
        properties: [(name: ItemName, bytes: [UInt8]?)] = [], message: String
    ) {
        self.writes = writes
        self.deletions = deletions
        self.properties = properties
        self.message = message
    }
}

/// A collection at one version, immutable.
public protocol Snapshot: AnyObject {
    /// The version this is.
    var version: CollectionVersion { get }

    /// All items in byte order of their names; reserved names are left out.
    var items: Items { get }

    /// The item called `name`, nil when there is none. Reserved names are never found.
    ///
    /// - Complexity: O(log n) in the number of items.
    func item(named name: ItemName) -> Item?

    /// Whether properties are kept with any item; false only when there are none.
    var hasProperties: Bool { get }

    /// The properties kept with the item called `name`, as bytes whose meaning is for the layers above; nil when there
    /// are none.
    func properties(of name: ItemName) throws(StoreError) -> [UInt8]?

    /// The bytes of an item of this or any earlier version.
    func bytes(of version: ItemVersion) throws(StoreError) -> [UInt8]

    /// The number of bytes of all items together.
    ///
    /// - Complexity: O(n) in the number of items, O(1) where the store knows.
    func usedBytes() throws(StoreError) -> Int

    /// The number of bytes of an item, without reading them all where the store can.
    func byteCount(of version: ItemVersion) throws(StoreError) -> Int
}
