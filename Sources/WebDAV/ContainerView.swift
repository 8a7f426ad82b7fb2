import HTTP
public import Store
import XML

/// A container as one request sees it: looked at once, and the same to the end of the request.
public final class ContainerView {
    /// Where it is seen: what its URL says.
    public let path: StorePath
    /// Where it is, for the store too: elsewhere than at `path` for one that somebody else shares.
    public let location: StorePath
    /// Whose settings it has: those at this path, which are its own but for one that is not in the store.
    public let settingsLocation: StorePath
    /// Whether it is a plain directory or a collection of items.
    public let storage: ContainerKind
    /// Its `href`.
    public private(set) lazy var href = context.href(of: path)
    unowned let context: Context
    private var knownTimes: ItemTimesTable?
    private var knownMetadata: Metadata?
    private var knownCollection: (any ItemCollection)?
    private var knownSnapshot: (any Snapshot)?
    private var knownKind: CollectionKind?
    private var knownMediaTypes: MediaTypes?
    private var knownPrivileges: Privileges?
    /// What `stateDigest` is, once it was worked out.
    var knownStateDigest: UInt64?
    /// Whether it is seen here because somebody shares it, and is not merely in something that is.
    let isShared: Bool
    /// The entry of the history that a collection is shown as of, nil for how it is now.
    public let entry: HistoryEntry?
    private let live: ContainerView?
    private let virtualKind: CollectionKind?
    private let virtualSettings: ((Metadata) -> Metadata)?

    init(
        path: StorePath, location: StorePath? = nil, isShared: Bool = false, storage: ContainerKind,
        collection: (any ItemCollection)? = nil, context: Context
    ) {
        self.path = path
        self.isShared = isShared
        self.location = location ?? path
        self.settingsLocation = location ?? path
        self.storage = storage
        self.knownCollection = collection
        self.context = context
        self.virtualKind = nil
        self.virtualSettings = nil
        self.entry = nil
        self.live = nil
    }

    /// Makes the collection `live` as it was after `entry`, which nobody can change.
    init(_ live: ContainerView, asOf entry: HistoryEntry, at path: StorePath, context: Context) {
        self.path = path
        self.isShared = false
        self.location = path
        self.settingsLocation = live.settingsLocation
        self.storage = live.storage
        self.context = context
        self.virtualKind = nil
        self.virtualSettings = nil
        self.entry = entry
        self.live = live
        let read = context.features.privileges.privileges(named: .dav("read")) ?? .read
        self.knownPrivileges = live.privileges.intersection(
            read.union([.readCurrentUserPrivilegeSet, .readACL, .readHistory]))
    }

    /// The collection as it is now.
    public var liveView: ContainerView { live ?? self }

    /// Makes a container that is not in the store: of a kind, with settings that are made of those at another path.
    public init(
        virtual kind: CollectionKind, at path: StorePath, settingsOf settingsLocation: StorePath,
        _ settings: @escaping (Metadata) -> Metadata, context: Context
    ) {
        self.path = path
        self.isShared = false
        self.location = path
        self.settingsLocation = settingsLocation
        self.storage = .directory
        self.context = context
        self.virtualKind = kind
        self.virtualSettings = settings
        self.entry = nil
        self.live = nil
    }

    /// Whether it is in the store.
    public var isVirtual: Bool { virtualKind != nil }

    /// Whether the principal at `user` is denied a privilege on it in so many words.
    ///
    /// For what all may do who are not denied it. Nobody is denied anything on what is their own.
    public func denies(_ privilege: Privileges, to user: StorePath) -> Bool {
        Access(context: context).denies(privilege, to: user, at: location)
    }

    /// What the user may do with it and the items in it (RFC 3744 §5.4).
    public var privileges: Privileges {
        if let knownPrivileges { return knownPrivileges }
        let found = Access(context: context).privileges(at: location)
        knownPrivileges = found
        return found
    }

    /// Whether it is a principal: by its place, or by its type.
    public var isPrincipal: Bool {
        if let virtualKind { return virtualKind.isPrincipal }
        return context.principals.isPrincipal(path)
            || (storage == .collection && metadata[.type] == CollectionKind.principalType)
    }

    /// When its items were made and last changed, as far as it is known.
    func itemTimes(for name: ItemName?) -> ItemTimesTable {
        if let knownTimes { return knownTimes }
        do throws(DAVError) {
            let collection = try collection()
            let found = try storing { () throws(StoreError) in
                try collection.itemTimes(for: name, in: snapshot(of: collection))
            }
            knownTimes = found
            return found
        } catch {
            logUnreadable(error)
            return [:]
        }
    }

    /// Its settings; empty when they cannot be read, which the log tells.
    public var metadata: Metadata {
        if let knownMetadata { return knownMetadata }
        let read: Metadata
        do {
            if let knownCollection {
                read = try knownCollection.metadata(in: snapshot(of: knownCollection))
            } else {
                read = try context.store.metadata(of: settingsLocation)
            }
        } catch {
            context.log("settings of \(path): \(error)")
            read = [:]
        }
        let metadata = virtualSettings?(read) ?? read
        knownMetadata = metadata
        return metadata
    }

    /// The collection of items; 404 for a plain directory.
    public func collection() throws(DAVError) -> any ItemCollection {
        if let knownCollection { return knownCollection }
        if let live { return try live.collection() }
        let opened = try storing { () throws(StoreError) in try context.store.collection(at: location) }
        knownCollection = opened
        return opened
    }

    /// The items as they were when the request first looked.
    public func snapshot() throws(DAVError) -> any Snapshot {
        if let knownSnapshot { return knownSnapshot }
        let collection = try collection()
        return try storing { () throws(StoreError) in try snapshot(of: collection) }
    }

    private func snapshot(of collection: any ItemCollection) throws(StoreError) -> any Snapshot {
        if let knownSnapshot { return knownSnapshot }
        let taken: any Snapshot
        if let entry {
            guard let then = try collection.snapshot(at: entry.version) else { throw .notFound }
            taken = then
        } else {
            taken = try collection.snapshot()
        }
        knownSnapshot = taken
        return taken
    }

    /// What kind of collection it is: by its `type`, else by what is in it.
    public var kind: CollectionKind {
        if let knownKind { return knownKind }
        if let virtualKind { return virtualKind }
        let found = isPrincipal ? CollectionKind.principal : context.features.kind(of: self)
        knownKind = found
        return found
    }

    /// The media types of its items.
    var mediaTypes: MediaTypes {
        if let knownMediaTypes { return knownMediaTypes }
        let found = MediaTypes(of: kind)
        knownMediaTypes = found
        return found
    }

    /// Tells the log why the container cannot be looked into.
    func logUnreadable(_ error: DAVError) {
        context.log("\(path): \(error.details ?? error.status.description)")
    }

    /// The resource of the container itself.
    public var resource: Resource { Resource(container: self, item: nil) }

    /// The item called `name`, nil when there is none.
    public func item(named name: ItemName) throws(DAVError) -> Resource? {
        guard storage == .collection, !name.isReserved else { return nil }
        return try snapshot().item(named: name).map { Resource(container: self, item: $0) }
    }

    /// The containers directly in it with which the user may do what `privileges` says, in the order of their names;
    /// those that others share come last.
    public func children(allowing privileges: Privileges = .read) throws(DAVError) -> [ContainerView] {
        guard !isVirtual, entry == nil else { return [] }
        var names = try storing { () throws(StoreError) in try context.store.children(of: location) }
        for share in shares where !names.contains(share.name) { names.append(share.name) }
        var views: [ContainerView] = []
        for name in names {
            guard let view = try context.container(at: path.appending(name)),
                view.privileges.isSuperset(of: privileges)
            else { continue }
            views.append(view)
        }
        for group in groups where group.privileges.isSuperset(of: privileges) { views.append(group) }
        return views
    }
}

extension Context {
    /// What changed in a collection from `version` to `snapshot`; nil when it cannot be told, which the log tells.
    public func changes(
        in container: ContainerView, from version: CollectionVersion, to snapshot: any Snapshot
    ) -> [Change]? {
        do throws(DAVError) {
            let collection = try container.collection()
            return try storing { () throws(StoreError) in
                try collection.changes(from: version, to: snapshot)
            }
        } catch {
            container.logUnreadable(error)
            return nil
        }
    }
}
