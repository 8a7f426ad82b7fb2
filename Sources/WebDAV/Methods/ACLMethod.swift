public import HTTP
import Store
import XML

extension Method {
    /// `ACL` (RFC 3744 §8.1).
    public static let acl = Method("ACL")
}

extension MethodHandler {
    /// ACL: the list of a container becomes the one in the request (RFC 3744 §8.1).
    ///
    /// Objects have no list: that of their collection counts for them.
    static var acl: MethodHandler {
        MethodHandler(
            .acl, applies: { $0?.hasAccessControlList ?? false },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path, needs: [])
                guard resource.hasAccessControlList else {
                    throw DAVError(.methodNotAllowed, fields: ["Allow": context.features.allow(on: resource)])
                }
                try context.require(.writeACL, on: resource.container)
                // RFC 4918 §7: a write lock covers all that changes the resource.
                try context.locks.requireChange(of: resource.location)
                guard let body = try request.xmlBody(context), body.name == .dav("acl") else {
                    throw DAVError(.badRequest, message: "The body must be a DAV:acl element.")
                }
                let location = resource.container.location
                let list = try ACLRequest(container: resource.container, context: context).list(body)
                let old = Access(context: context).list(at: location)
                let people = context.individuals((old + list.aces).map(\.principal))
                let before = try context.readers(among: people, within: location)
                try storing { () throws(StoreError) in
                    try context.store.update(
                        metadata: [.acl: list.text], of: location, by: context.author)
                }
                context.forgetContainers()
                let after = try context.readers(among: people, within: location)
                try context.show(before: before, after: after)
                return Response(.ok)
            })
    }
}

extension Resource {
    /// Whether the resource has an access control list of its own: a container but the root, which has no settings.
    fileprivate var hasAccessControlList: Bool {
        isCollection && !container.isVirtual && !container.location.names.isEmpty
    }
}

/// Reads the body of an ACL request for a container, and checks it (RFC 3744 §8.1.1).
private struct ACLRequest {
    let container: ContainerView
    let context: Context

    /// Elements in one list: a bound on what each look at it costs.
    private static let maxACEs = 200

    func list(_ body: XMLElement) throws(DAVError) -> AccessControlList {
        var aces: [ACE] = []
        for element in body.all(.dav("ace")) {
            // Clients send back what they were told; what is inherited does not change here.
            if element.first(.dav("inherited")) != nil { continue }
            let ace = try ace(element)
            if element.first(.dav("protected")) != nil {
                let entries = Access(context: context).entries(at: container.location)
                guard entries.contains(where: { $0.origin == .server && $0.ace == ace }) else {
                    throw violation("no-protected-ace-conflict")
                }
                continue
            }
            aces.append(ace)
        }
        guard aces.count <= Self.maxACEs else { throw violation("limited-number-of-aces") }
        try checkOrder(aces)
        try checkConflicts(aces)
        return AccessControlList(aces)
    }

    private func ace(_ element: XMLElement) throws(DAVError) -> ACE {
        guard element.first(.dav("invert")) == nil else { throw violation("no-invert") }
        let principals = element.all(.dav("principal"))
        let rights = element.elements.filter { $0.name == .dav("grant") || $0.name == .dav("deny") }
        guard principals.count == 1, let principal = principals[0].elements.first, rights.count == 1 else {
            throw DAVError(
                .badRequest, message: "A DAV:ace has one principal, and either DAV:grant or DAV:deny.")
        }
        var names: [ElementName] = []
        for privilege in rights[0].all(.dav("privilege")) {
            guard privilege.elements.count == 1 else {
                throw DAVError(.badRequest, message: "A DAV:privilege has one element in it.")
            }
            let name = privilege.elements[0].name
            guard context.features.privileges.privileges(named: name) != nil else {
                throw violation("not-supported-privilege")
            }
            names.append(name)
        }
        guard !names.isEmpty else { throw DAVError(.badRequest, message: "There is no DAV:privilege.") }
        return ACE(try self.principal(principal), grants: rights[0].name == .dav("grant"), names)
    }

    private func principal(_ element: XMLElement) throws(DAVError) -> ACE.Principal {
        switch element.name {
        case .href:
            guard let path = try context.principal(href: element.text)?.path else {
                throw violation("recognized-principal")
            }
            return .path(path)
        case .dav("authenticated"): return .authenticated
        case .dav("property") where element.first(.dav("owner")) != nil: return .owner
        case .dav("self") where container.isPrincipal: return .itself
        // DAV:all and DAV:unauthenticated too: nobody gets here whom the web server did not let in.
        default: throw violation("allowed-principal")
        }
    }

    private func checkOrder(_ aces: [ACE]) throws(DAVError) {
        guard let grant = aces.firstIndex(where: \.isGrant) else { return }
        if aces[grant...].contains(where: { !$0.isGrant }) { throw violation("deny-before-grant") }
    }

    private func checkConflicts(_ aces: [ACE]) throws(DAVError) {
        let owner = context.principals.owner(of: container.location)
        let tree = context.features.privileges
        for ace in aces where !ace.isGrant {
            // The owner may do everything, and cannot be kept from it.
            if ace.principal == .owner || owner.map({ ace.principal == .path($0) }) ?? false {
                throw violation("no-protected-ace-conflict")
            }
            let denied = tree.privileges(of: ace)
            let isGrantedToo = aces.contains {
                $0.isGrant && $0.principal == ace.principal
                    && !tree.privileges(of: $0).isDisjoint(with: denied)
            }
            if isGrantedToo { throw violation("no-ace-conflict") }
        }
    }

    private func violation(_ condition: String) -> DAVError {
        DAVError(.forbidden, violated: .dav(condition))
    }
}
