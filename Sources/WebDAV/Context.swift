public import HTTP
public import Store
public import XML

/// What a request runs in: the store, who asks, what is spoken, and the bounds.
public final class Context {
    /// The store.
    public let store: any CollectionStore
    /// All that the server speaks.
    public let features: FeatureSet
    /// Who the principals are.
    public let principals: Principals
    /// The path of the principal who asks, nil when nobody is known.
    public let user: StorePath?
    /// How the history names who asks.
    public let author: Author
    /// The path that the tree is mounted at.
    public let prefix: Path
    /// The bounds on a request.
    public let limits: Limits
    /// The time of the request in seconds since 1970-01-01T00:00:00Z.
    public let now: Int64
    /// The header fields of the request.
    public let fields: Fields
    /// Whether principals are shown to those alone who are in touch with them.
    public let hidesPrincipals: Bool
    /// Takes what the log should tell of a failure that the client is not told.
    public let log: (String) -> Void
    /// The locks.
    public private(set) lazy var locks = RequestLocks(self)
    /// Reads the bodies of requests.
    public let documents: XMLDocuments
    /// The container that was looked at first; for most requests there is no other.
    private var firstView: ContainerView?
    private var views: [StorePath: ContainerView] = [:]
    private var knownVersions: [StorePath: ItemVersions] = [:]
    private var knownEntries: [StorePath: LatestEntries] = [:]

    /// Makes a context for one request.
    public init(
        store: any CollectionStore, features: FeatureSet, principals: Principals, user: StorePath?,
        author: Author, prefix: Path, limits: Limits, now: Int64, fields: Fields = [:],
        hidesPrincipals: Bool = false,
        documents: XMLDocuments? = nil,
        log: @escaping (String) -> Void
    ) {
        self.store = store
        self.features = features
        self.principals = principals
        self.user = user
        self.author = author
        self.prefix = prefix
        self.limits = limits
        self.now = now
        self.fields = fields
        self.hidesPrincipals = hidesPrincipals
        self.documents = documents ?? XMLDocuments(limits: limits.xml)
        self.log = log
    }

    /// The `href` of a container: path-absolute, percent-encoded, with a slash at its end.
    public func href(of path: StorePath) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        for segment in prefix.segments {
            bytes.append(UInt8(ascii: "/"))
            appendPercentEncoded(segment, to: &bytes)
        }
        for name in path.names {
            bytes.append(UInt8(ascii: "/"))
            appendPercentEncoded(name.description, to: &bytes)
        }
        bytes.append(UInt8(ascii: "/"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The container at `path`, whoever may see it; nil when there is none.
    public func container(at path: StorePath) throws(DAVError) -> ContainerView? {
        if let firstView, firstView.path == path { return firstView }
        if let view = views[path] { return view }
        guard !path.names.contains(where: \.isHidden) else { return nil }
        let view: ContainerView?
        if let found = try storing({ () throws(StoreError) in try store.container(at: path) }) {
            view = ContainerView(
                path: path, storage: found.kind, collection: found.collection, context: self)
        } else {
            view = try elsewhere(path)
        }
        if firstView == nil { firstView = view } else { views[path] = view }
        return view
    }

    /// The container at a path where nothing is stored: one that is shared, or one that a feature makes.
    private func elsewhere(_ path: StorePath) throws(DAVError) -> ContainerView? {
        if let parent = path.parent, principals.isPrincipal(parent), let principal = try container(at: parent)
        {
            return principal.groups.first { $0.path == path }
        }
        return try shared(at: path)
    }

    /// The versions of the item called `name` of a collection; those up to the entry it is shown as of.
    func versions(of name: ItemName, in container: ContainerView) throws(DAVError) -> ItemVersions {
        let key = container.path.appending(name)
        if let known = knownVersions[key] { return known }
        let found = try ItemVersions(
            of: name, in: container.collection(), from: container.entry?.id)
        knownVersions[key] = found
        return found
    }

    /// Which entries made the items of a collection what they are.
    func latestEntries(of container: ContainerView) throws(DAVError) -> LatestEntries {
        if let known = knownEntries[container.path] { return known }
        let entries = LatestEntries(of: try container.collection(), at: try container.snapshot())
        knownEntries[container.path] = entries
        return entries
    }

    /// Forgets what was seen of the store, after a change to its containers.
    public func forgetContainers() {
        firstView = nil
        views = [:]
        knownVersions = [:]
        knownEntries = [:]
    }
}

/// Bounds on one request.
public struct Limits: Hashable, Sendable {
    /// Bytes of a request's body.
    public var bodyBytes: Int
    /// Bytes, depth, elements and attributes of an XML body.
    public var xml: XMLLimits
    /// Instances of one recurring object in one expansion.
    public var instances: Int
    /// Bytes of one object in a calendar or an address book.
    public var resourceBytes: Int
    /// Attendees of one component of a calendar object.
    public var attendees: Int
    /// Objects that one query may return.
    public var matches: Int
    /// Bytes of all items of one principal that has no quota of its own; nil for no bound.
    public var principalBytes: Int?

    /// Makes limits.
    public init(
        bodyBytes: Int = 32 << 20, xml: XMLLimits = XMLLimits(), instances: Int = 10_000,
        resourceBytes: Int = 20 << 20, attendees: Int = 10_000, matches: Int = 100_000,
        principalBytes: Int? = nil
    ) {
        self.bodyBytes = bodyBytes
        self.xml = xml
        self.instances = instances
        self.resourceBytes = resourceBytes
        self.attendees = attendees
        self.matches = matches
        self.principalBytes = principalBytes
    }
}
