import HTTP
import Store
import XML

extension Feature {
    /// Properties of principals and of who may do what (RFC 3744 §4, §5).
    public static var accessControl: Feature {
        Feature(properties: [
            .owner, .principalURL, .principalCollectionSet, .alternateURISet, .groupMembership,
            .currentUserPrivilegeSet, .supportedPrivilegeSet,
        ])
    }
}

extension LiveProperty {
    /// `DAV:owner` (RFC 3744 §5.1).
    static var owner: LiveProperty {
        LiveProperty.hrefs(.dav("owner")) { (resource, context) throws(DAVError) in
            context.principals.owner(of: resource.container.path).map { [context.href(of: $0)] } ?? []
        }
    }

    /// `DAV:principal-URL` (RFC 3744 §4.2).
    static var principalURL: LiveProperty {
        LiveProperty.hrefs(.dav("principal-URL")) { (resource, _) throws(DAVError) in
            resource.isCollection && resource.container.isPrincipal ? [resource.href] : nil
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
            resource.isCollection && resource.container.isPrincipal ? [] : nil
        }
    }

    /// `DAV:group-membership` (RFC 3744 §4.4): there are no groups.
    static var groupMembership: LiveProperty {
        LiveProperty.hrefs(.dav("group-membership")) { (resource, _) throws(DAVError) in
            resource.isCollection && resource.container.isPrincipal ? [] : nil
        }
    }

    /// `DAV:current-user-privilege-set` (RFC 3744 §5.4).
    static var currentUserPrivilegeSet: LiveProperty {
        LiveProperty.elements(.dav("current-user-privilege-set")) {
            (resource, context) throws(DAVError) in
            context.privileges(at: resource.container.path).elementNames.map { name in
                XMLElement(.dav("privilege"), children: [.element(XMLElement(name))])
            }
        }
    }

    /// `DAV:supported-privilege-set` (RFC 3744 §5.3).
    static var supportedPrivilegeSet: LiveProperty {
        LiveProperty.elements(.dav("supported-privilege-set")) {
            (_, _) throws(DAVError) in
            func privilege(_ local: String, _ text: String, _ parts: [XMLElement] = []) -> XMLElement {
                var description = XMLElement(.dav("description"), text: text)
                description.attributes = [(name: ElementName(.xml, "lang"), value: "en")]
                return XMLElement(
                    .dav("supported-privilege"),
                    children: [
                        .element(
                            XMLElement(.dav("privilege"), children: [.element(XMLElement(.dav(local)))])),
                        .element(description),
                    ] + parts.map { .element($0) })
            }
            return [
                privilege(
                    "all", "Any operation",
                    [
                        privilege("read", "Read any object"),
                        privilege(
                            "write", "Write any object",
                            [
                                privilege("write-properties", "Change properties"),
                                privilege("write-content", "Change content"),
                                privilege("bind", "Add members"),
                                privilege("unbind", "Remove members"),
                            ]),
                        privilege("unlock", "Remove locks of others"),
                        privilege("read-acl", "Read the access control list"),
                        privilege("read-current-user-privilege-set", "Read own privileges"),
                        privilege("write-acl", "Change the access control list"),
                    ])
            ]
        }
    }
}
