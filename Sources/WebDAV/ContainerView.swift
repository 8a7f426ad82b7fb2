import HTTP
public import Store

/// A container as one request sees it: looked at once, and the same to the end of the request.
public final class ContainerView {
    /// Where it is.
    public let path: StorePath
    /// Whether it is a plain directory or a collection of items.
    public let storage: ContainerKind
    /// Its `href`.
    public let href: String
    private unowned let context: Context
    private var knownMetadata: Metadata?
    private var knownCollection: (any ItemCollection)?
    private var knownSnapshot: (any Snapshot)?
    private var knownKind: CollectionKind?
    private var knownMediaTypes: MediaTypes?

    init(path: StorePath, storage: ContainerKind, context: Context) {
        self.path = path
        self.storage = storage
        self.context = context
        self.href = context.href(of: path)
    }

    /// Whether it is a principal: by its place, or by its type.
    public var isPrincipal: Bool {
        context.principals.isPrincipal(path) || (storage == .collection && metadata[.type] == "principal")
    }

    /// Its settings; empty when they cannot be read, which the log tells.
    public var metadata: Metadata {
        if let knownMetadata { return knownMetadata }
        let read: Metadata
        do {
            read = try context.store.metadata(of: path)
        } catch {
            context.log("settings of \(path): \(error)")
            read = [:]
        }
        knownMetadata = read
        return read
    }

    /// The collection of items; 404 for a plain directory.
    public func collection() throws(DAVError) -> any ItemCollection {
        if let knownCollection { return knownCollection }
        let opened = try storing { () throws(StoreError) in try context.store.collection(at: path) }
        knownCollection = opened
        return opened
    }

    /// The items as they were when the request first looked.
    public func snapshot() throws(DAVError) -> any Snapshot {
        if let knownSnapshot { return knownSnapshot }
        let collection = try collection()
        let taken = try storing { () throws(StoreError) in try collection.snapshot() }
        knownSnapshot = taken
        return taken
    }

    /// What kind of collection it is: by its `type`, else by what is in it.
    public var kind: CollectionKind {
        if let knownKind { return knownKind }
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

    /// The containers directly in it that the user may see.
    public func children() throws(DAVError) -> [ContainerView] {
        let names = try storing { () throws(StoreError) in try context.store.children(of: path) }
        var views: [ContainerView] = []
        for name in names {
            let child = path.appending(name)
            guard context.privileges(at: child).contains(.read) else { continue }
            if let view = try context.container(at: child) { views.append(view) }
        }
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
