import HTTP
import Store
public import XML

extension Feature {
    /// Who may do what (RFC 3744).
    public static var accessControl: Feature {
        Feature(
            // RFC 3744 §7.2.
            tokens: ["access-control"],
            methods: [.acl],
            properties: [
                .owner, .group, .principalURL, .principalCollectionSet, .alternateURISet, .groupMembership,
                .groupMemberSet, .currentUserPrivilegeSet, .supportedPrivilegeSet, .acl, .aclRestrictions,
                .inheritedACLSet,
            ],
            privileges: [
                .init(.dav("all"), [], of: nil, "Any operation"),
                .init(.dav("read"), .read, of: .dav("all"), "Read any object"),
                .init(.dav("write"), [], of: .dav("all"), "Write any object"),
                .init(
                    .dav("write-properties"), .writeProperties, of: .dav("write"), "Change properties"),
                .init(.dav("write-content"), .writeContent, of: .dav("write"), "Change content"),
                .init(.dav("bind"), .bind, of: .dav("write"), "Add members"),
                .init(.dav("unbind"), .unbind, of: .dav("write"), "Remove members"),
                .init(.dav("unlock"), .unlock, of: .dav("all"), "Remove locks of others"),
                .init(.dav("read-acl"), .readACL, of: .dav("all"), "Read the access control list"),
                .init(
                    .dav("read-current-user-privilege-set"), .readCurrentUserPrivilegeSet, of: .dav("all"),
                    "Read own privileges"),
                .init(.dav("write-acl"), .writeACL, of: .dav("all"), "Change the access control list"),
                .init(
                    ElementName(.artemisios, "read-history"), .readHistory, of: .dav("all"),
                    "Read what was there before"),
            ])
    }
}

extension Namespace {
    /// The namespace of what no standard has.
    public static let artemisios = Namespace("urn:x-artemisios:dav")
}

extension LiveProperty {
    /// `DAV:owner` (RFC 3744 §5.1).
    static var owner: LiveProperty {
        LiveProperty.hrefs(.dav("owner")) { (resource, context) throws(DAVError) in
            context.principals.owner(of: resource.container.location).map { [context.href(of: $0)] } ?? []
        }
    }

    /// `DAV:group` (RFC 3744 §5.2): resources belong to no group but by their owner.
    static var group: LiveProperty {
        LiveProperty.hrefs(.dav("group")) { (_, _) throws(DAVError) in [] }
    }

    /// `DAV:current-user-privilege-set` (RFC 3744 §5.4).
    static var currentUserPrivilegeSet: LiveProperty {
        LiveProperty.elements(.dav("current-user-privilege-set")) {
            (resource, context) throws(DAVError) in
            try context.require(.readCurrentUserPrivilegeSet, on: resource.container)
            return context.features.privileges.names(in: resource.container.privileges).map(
                XMLElement.privilege)
        }
    }

    /// `DAV:supported-privilege-set` (RFC 3744 §5.3).
    static var supportedPrivilegeSet: LiveProperty {
        LiveProperty.elements(.dav("supported-privilege-set")) {
            (_, context) throws(DAVError) in context.features.privileges.elements
        }
    }

    /// `DAV:acl` (RFC 3744 §5.5).
    static var acl: LiveProperty {
        LiveProperty.elements(.dav("acl")) { (resource, context) throws(DAVError) in
            try context.require(.readACL, on: resource.container)
            return Access(context: context).entries(at: resource.container.location).map { entry in
                XMLElement(entry, isItem: resource.item != nil, of: resource.container, context)
            }
        }
    }

    /// `DAV:acl-restrictions` (RFC 3744 §5.6).
    static var aclRestrictions: LiveProperty {
        LiveProperty.elements(.dav("acl-restrictions")) { (_, _) throws(DAVError) in
            [XMLElement(.dav("no-invert")), XMLElement(.dav("deny-before-grant"))]
        }
    }

    /// `DAV:inherited-acl-set` (RFC 3744 §5.7): empty, for `DAV:acl` has all that counts.
    static var inheritedACLSet: LiveProperty {
        LiveProperty.hrefs(.dav("inherited-acl-set")) { (_, _) throws(DAVError) in [] }
    }
}

extension XMLElement {
    /// `DAV:ace` (RFC 3744 §5.5) as it stands in the list of `container`, or of an item of it.
    fileprivate init(
        _ entry: Access.Entry, isItem: Bool, of container: ContainerView, _ context: Context
    ) {
        let ace = entry.ace
        var children = [
            XMLElement(.dav("principal"), children: [.element(XMLElement(ace.principal, context))]),
            XMLElement(
                .dav(ace.isGrant ? "grant" : "deny"),
                children: ace.names.map { .element(.privilege($0)) }),
        ]
        func inherited(_ href: String) -> XMLElement {
            XMLElement(.dav("inherited"), children: [.element(XMLElement(.href, text: href))])
        }
        switch entry.origin {
        case .server: children.append(XMLElement(.dav("protected")))
        case .own: if isItem { children.append(inherited(container.href)) }
        case .around(let path): children.append(inherited(context.href(of: path)))
        }
        self.init(.dav("ace"), children: children.map { .element($0) })
    }

    /// What stands in `DAV:principal` (RFC 3744 §5.5.1).
    fileprivate init(_ principal: ACE.Principal, _ context: Context) {
        switch principal {
        case .path(let path): self.init(.href, text: context.href(of: path))
        case .authenticated: self.init(.dav("authenticated"))
        case .owner: self.init(.dav("property"), children: [.element(XMLElement(.dav("owner")))])
        case .itself: self.init(.dav("self"))
        }
    }
}
