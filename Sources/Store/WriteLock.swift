/// A write lock on a resource: a container or an item.
///
/// Locks are in no history; whoever writes looks at them first.
public struct WriteLock: Hashable, Sendable {
    /// Whether others may have a lock on the same resource.
    public enum Scope: String, Hashable, Sendable {
        /// No other lock.
        case exclusive
        /// Other shared ones.
        case shared
    }

    /// What the holder shows to change what is locked; unique for ever, without blanks.
    public let token: String
    /// The path of the resource that was locked.
    public let root: StorePath
    /// Whether all below the resource is locked too.
    public let isDeep: Bool
    /// Whether others may have locks too.
    public let scope: Scope
    /// The path of the principal who may use it, nil when nobody is known.
    public let holder: StorePath?
    /// What the holder wants others to know, as the layers above understand it.
    public let owner: String
    /// When it ends, in seconds since 1970-01-01T00:00:00Z.
    public var expires: Int64

    /// Makes a lock of its parts.
    public init(
        token: String, root: StorePath, isDeep: Bool, scope: Scope, holder: StorePath?, owner: String,
        expires: Int64
    ) {
        self.token = token
        self.root = root
        self.isDeep = isDeep
        self.scope = scope
        self.holder = holder
        self.owner = owner
        self.expires = expires
    }

    /// Whether what is at `path`, or would be, is locked by it.
    public func covers(_ path: StorePath) -> Bool {
        isDeep ? path.isWithin(root) : path == root
    }
}

/// The locks of a store, which nobody else changes while it is there.
public protocol LockTable: AnyObject {
    /// All locks, also those that have ended.
    var locks: [WriteLock] { get }

    /// Keeps `locks` instead; only in a table that was taken exclusively.
    func replace(with locks: [WriteLock]) throws(StoreError)

    /// Lets others change the locks again.
    func release()
}
