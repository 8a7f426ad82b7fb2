import HTTP
public import Store
import XML

/// What decides who may do what: the entries that control one container, in the order in which they count.
///
/// An access control list counts for its container and for all in it; what is nearer counts first, and of two entries for
/// the same privilege the first one (RFC 3744 §6). Objects have no list of their own.
struct Access {
    /// Where an entry comes from.
    enum Origin: Hashable {
        /// The server: nobody can change it.
        case server
        /// The container's own list.
        case own
        /// What is around the container, at this path.
        case around(StorePath)
    }

    /// One entry.
    struct Entry {
        let ace: ACE
        let origin: Origin
    }

    let context: Context

    /// What the user may do at `location`, where a container is, or none if `isVacant`.
    func privileges(at location: StorePath, isVacant: Bool = false) -> Privileges {
        context.user.map { privileges(of: $0, at: location, isVacant: isVacant) } ?? []
    }

    /// What the principal at `user` may do at `location`, where a container is, or none if `isVacant`.
    func privileges(of user: StorePath, at location: StorePath, isVacant: Bool = false) -> Privileges {
        guard case .multiple = context.principals else { return .all }
        // What is one's own, and the way to it, needs no look at any list.
        if location.isWithin(user) { return .all }
        if user.isWithin(location) { return [.read, .readCurrentUserPrivilegeSet] }
        var granted: Privileges = []
        var denied: Privileges = []
        for entry in entries(at: location, isVacant: isVacant)
        where isAbout(user, entry.ace.principal, at: location) {
            let privileges = context.features.privileges.privileges(of: entry.ace)
            if entry.ace.isGrant {
                granted.formUnion(privileges.subtracting(denied))
            } else {
                denied.formUnion(privileges.subtracting(granted))
            }
        }
        return granted
    }

    /// Whether `user` is denied `privilege` at `location` in so many words, and not merely granted nothing.
    func denies(_ privilege: Privileges, to user: StorePath, at location: StorePath) -> Bool {
        guard case .multiple = context.principals, !location.isWithin(user) else { return false }
        for entry in entries(at: location) where isAbout(user, entry.ace.principal, at: location) {
            guard context.features.privileges.privileges(of: entry.ace).isSuperset(of: privilege) else {
                continue
            }
            return !entry.ace.isGrant
        }
        return false
    }

    /// All entries that control the container at `location`, or what would be made there if `isVacant`.
    func entries(at location: StorePath, isVacant: Bool = false) -> [Entry] {
        let seen: [ElementName] = [.dav("read"), .dav("read-current-user-privilege-set")]
        func server(_ principal: ACE.Principal, _ names: [ElementName]) -> Entry {
            Entry(ace: ACE(principal, names), origin: .server)
        }
        guard let owner = context.principals.owner(of: location) else {
            return [server(.authenticated, seen)]
        }
        var entries = [server(.owner, [.dav("all")])]
        guard location.isWithin(owner) else { return entries + [server(.authenticated, seen)] }
        if location == owner, !context.hidesPrincipals { entries.append(server(.authenticated, seen)) }
        if !isVacant {
            entries += granted(at: location, isTarget: true).map { Entry(ace: $0, origin: .server) }
            entries += list(at: location).map { Entry(ace: $0, origin: .own) }
        }
        var path = location
        while path != owner, let parent = path.parent {
            path = parent
            entries += granted(at: path, isTarget: false).map { Entry(ace: $0, origin: .around(path)) }
            entries += list(at: path).map { Entry(ace: $0, origin: .around(path)) }
        }
        return entries
    }

    /// The list of the container at `location`; empty when there is none, or one that cannot be read.
    func list(at location: StorePath) -> [ACE] {
        guard let text = container(at: location)?.metadata[.acl] else { return [] }
        guard let list = AccessControlList(text, context.features.privileges) else {
            context.log("the access control list of \(location) cannot be read: \(text)")
            return []
        }
        return list.aces
    }

    /// What the features grant at `location`.
    private func granted(at location: StorePath, isTarget: Bool) -> [ACE] {
        guard let container = container(at: location) else { return [] }
        return context.features.grants.flatMap { $0(container, isTarget, context) }
    }

    /// Whether an entry at `location` is about `user`.
    func isAbout(_ user: StorePath, _ principal: ACE.Principal, at location: StorePath) -> Bool {
        switch principal {
        case .authenticated: true
        case .path(let path): isMember(user, of: path)
        case .owner: context.principals.owner(of: location).map { isMember(user, of: $0) } ?? false
        case .itself: isMember(user, of: location)
        }
    }

    /// Whether `user` is the principal at `path`, or a member of it, directly or through other groups.
    func isMember(_ user: StorePath, of path: StorePath) -> Bool {
        var seen: Set<StorePath> = []
        return isMember(user, of: path, &seen)
    }

    private func isMember(_ user: StorePath, of path: StorePath, _ seen: inout Set<StorePath>) -> Bool {
        if user == path { return true }
        guard seen.count < Self.maxGroups, seen.insert(path).inserted,
            let group = container(at: path), group.isPrincipal
        else { return false }
        for member in group.members where isMember(user, of: member, &seen) { return true }
        return false
    }

    /// Groups that are looked into to find a member: a bound on what nested groups can cost.
    private static let maxGroups = 1000

    private func container(at path: StorePath) -> ContainerView? {
        do throws(DAVError) {
            return try context.container(at: path)
        } catch {
            context.log("\(path): \(error.details ?? error.status.description)")
            return nil
        }
    }
}

extension MetadataKey {
    /// Of a principal: the paths of its members, separated by commas.
    public static let groupMemberSet = MetadataKey("group-member-set")
}

extension ContainerView {
    /// Of a principal: its direct members, empty when it is no group (RFC 3744 §4.3).
    public var members: [StorePath] {
        (metadata[.groupMemberSet] ?? "").split(separator: ",").compactMap {
            StorePath(setting: String($0).trimmingWhitespace)
        }
    }
}

extension Context {
    /// Throws 403 `DAV:need-privileges` unless the user has `privileges` on `container` (RFC 3744 §7.1.1).
    public func require(_ privileges: Privileges, on container: ContainerView) throws(DAVError) {
        let missing = privileges.subtracting(container.privileges)
        guard !missing.isEmpty else { return }
        let name = features.privileges.privileges.first { !$0.own.isDisjoint(with: missing) }?.name
        throw DAVError(.forbidden, violated: .needPrivileges(name ?? .dav("all"), on: container.href))
    }
}
