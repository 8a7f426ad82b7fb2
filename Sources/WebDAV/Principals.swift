public import Store

/// Who the principals are, and what they may do.
///
/// A principal is found by where it is, never by a list in memory: it survives restarts and is the same for all workers.
public enum Principals: Sendable {
    /// One principal, at this path, whoever the web server lets in.
    case single(StorePath)
    /// A principal for each user, at `prefix`, the user's name, `suffix`.
    case multiple(prefix: StorePath, suffix: StorePath)

    /// The path of the principal of `remoteUser`; nil when there is none, or the name cannot be one.
    public func principal(of remoteUser: String?) -> StorePath? {
        switch self {
        case .single(let path): path
        case .multiple:
            remoteUser.flatMap(ItemName.init).flatMap { $0.isHidden ? nil : principal(named: $0) }
        }
    }

    /// Whether the container at `path` is a principal.
    public func isPrincipal(_ path: StorePath) -> Bool {
        switch self {
        case .single(let principal): path == principal
        case .multiple: owner(of: path) == path
        }
    }

    /// The principal that owns what is at `path`, nil for what is above the principals.
    public func owner(of path: StorePath) -> StorePath? {
        switch self {
        case .single(let principal): return principal
        case .multiple(let prefix, _):
            guard path.isWithin(prefix), path.names.count > prefix.names.count else { return nil }
            return principal(named: path.names[prefix.names.count])
        }
    }

    /// What principals are members of (`DAV:principal-collection-set`, RFC 3744 §5.8).
    public var collection: StorePath {
        switch self {
        case .single(let principal): principal.parent ?? .root
        case .multiple(let prefix, _): prefix
        }
    }

    /// The login of the principal that owns what is at `path`; nil where there is none.
    func loginName(of path: StorePath) -> String? {
        switch self {
        case .single(let principal): principal.name?.description
        case .multiple(let prefix, _):
            path.isWithin(prefix) && path.names.count > prefix.names.count
                ? path.names[prefix.names.count].description : nil
        }
    }

    private func principal(named name: ItemName) -> StorePath? {
        guard case .multiple(let prefix, let suffix) = self else { return nil }
        return StorePath(prefix.names + [name] + suffix.names)
    }
}

extension ItemName {
    /// Whether the name is kept from clients: reserved ones, and directories that start with a dot.
    public var isHidden: Bool { isReserved || description.utf8.first == UInt8(ascii: ".") }
}
