import HTTP
public import Store

extension Context {
    /// All principals but groups within them, as they are on the disk, in the order of their names.
    ///
    /// - Complexity: O(n) in the number of principals, each looked up.
    public func allPrincipals() throws(DAVError) -> [ContainerView] {
        let prefix: StorePath
        switch principals {
        case .single(let only): return try container(at: only).map { [$0] } ?? []
        case .multiple(let before, _): prefix = before
        }
        guard try container(at: prefix) != nil else { return [] }
        let names = try storing { () throws(StoreError) in try store.children(of: prefix) }
        var found: [ContainerView] = []
        for name in names where !name.isHidden {
            guard let path = principals.principal(of: name.description), let view = try container(at: path)
            else { continue }
            found.append(view)
        }
        return found
    }

    /// The principal that an `href` names, whoever may see it; nil when there is none.
    public func principal(href: String) throws(DAVError) -> ContainerView? {
        guard let path = try? Path(parsing: href.trimmingWhitespace),
            let below = path.removing(prefix: prefix),
            let place = StorePath(setting: below.description), let view = try container(at: place)
        else { return nil }
        return view.isPrincipal ? view : nil
    }

    /// Whether `user` is the principal at `path`, or a member of it, directly or through other groups.
    public func isMember(_ user: StorePath, of path: StorePath) -> Bool {
        Access(context: self).isMember(user, of: path)
    }

    /// The groups that the principal at `path` is a direct member of (RFC 3744 §4.4).
    public func groups(of path: StorePath) throws(DAVError) -> [ContainerView] {
        var groups: [ContainerView] = []
        for principal in try allPrincipals() {
            for group in [principal] + principal.groups where group.members.contains(path) {
                groups.append(group)
            }
        }
        return groups
    }

    /// The principals that are no groups among those that `principals` name, and the members of those that are.
    func individuals(_ principals: [ACE.Principal]) -> [StorePath] {
        var found: [StorePath] = []
        var seen: Set<StorePath> = []
        var waiting = principals.compactMap { if case .path(let path) = $0 { path } else { nil } }
        while let path = waiting.popLast(), seen.count < 10_000 {
            guard seen.insert(path).inserted, let view = try? container(at: path) else { continue }
            waiting += view.members
            if !view.isVirtual { found.append(path) }
        }
        return found
    }
}

extension ContainerView {
    /// The groups that a principal has for those who may act for it.
    public var groups: [ContainerView] {
        guard isPrincipal, !isVirtual else { return [] }
        return context.features.groups.flatMap { $0(self, context) }
    }
}
