import HTTP
import Store
import XML

/// Properties of principals (RFC 3744 §4).
extension LiveProperty {
    /// `DAV:principal-URL` (RFC 3744 §4.2).
    static var principalURL: LiveProperty {
        LiveProperty.hrefs(.dav("principal-URL")) { (resource, _) throws(DAVError) in
            resource.principal.map { [$0.href] }
        }
    }

    /// `DAV:principal-collection-set` (RFC 3744 §5.8).
    static var principalCollectionSet: LiveProperty {
        LiveProperty.hrefs(.dav("principal-collection-set")) {
            (_, context) throws(DAVError) in
            [context.href(of: context.principals.collection)]
        }
    }

    /// `DAV:alternate-URI-set` (RFC 3744 §4.1): none.
    static var alternateURISet: LiveProperty {
        LiveProperty.hrefs(.dav("alternate-URI-set")) { (resource, _) throws(DAVError) in
            resource.principal.map { _ in [] }
        }
    }

    /// `DAV:group-member-set` (RFC 3744 §4.3), which every principal may have.
    ///
    /// It can be set where a feature says so, as for those who act for a principal; the members of any other group are
    /// for the administrator to name, in the settings of the principal.
    static var groupMemberSet: LiveProperty {
        LiveProperty.hrefs(
            .dav("group-member-set"),
            change: { (element, target) throws(DAVError) in
                guard let key = target.kind.membersKey, let context = target.context else {
                    throw .protected
                }
                var members: [String] = []
                for href in element?.all(.href) ?? [] {
                    guard let member = try context.principal(href: href.text) else {
                        throw DAVError(.forbidden, violated: .dav("recognized-principal"))
                    }
                    members.append(member.path.setting)
                }
                return [key: members.isEmpty ? nil : members.joined(separator: ", ")]
            },
            value: { (resource, context) throws(DAVError) in
                resource.principal.map { $0.members.map { context.href(of: $0) } }
            })
    }

    /// `DAV:group-membership` (RFC 3744 §4.4).
    static var groupMembership: LiveProperty {
        LiveProperty.hrefs(.dav("group-membership")) { (resource, context) throws(DAVError) in
            guard let principal = resource.principal else { return nil }
            return try context.groups(of: principal.path).map(\.href)
        }
    }
}

extension Resource {
    /// The container when it is a principal.
    public var principal: ContainerView? { isCollection && container.isPrincipal ? container : nil }
}
