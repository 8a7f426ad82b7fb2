import HTTP
import Store
public import XML

extension Report {
    /// `DAV:acl-principal-prop-set`: properties of the principals in an access control list (RFC 3744 §9.2).
    static var aclPrincipalPropSet: Report {
        Report(.dav("acl-principal-prop-set"), needs: [.read, .readACL], applies: { _ in true }) {
            (request, context) throws(DAVError) in
            try request.requireDepthZero()
            let selection = try PropertySelection(
                request.body.propertiesAsked, fields: request.fields, inReport: false, context: context)
            let location = request.resource.container.location
            var paths: [StorePath] = []
            for entry in Access(context: context).entries(at: location) {
                let path: StorePath? =
                    switch entry.ace.principal {
                    case .path(let path): path
                    case .owner: context.principals.owner(of: location)
                    case .authenticated, .itself: nil
                    }
                if let path, !paths.contains(path) { paths.append(path) }
            }
            return context.multistatus { (multistatus) throws(StreamError) in
                for path in paths {
                    let found = Result { () throws(DAVError) in
                        try context.resource(href: context.href(of: path))
                    }
                    switch found {
                    case .success(let resource): try multistatus.write(resource, selection)
                    case .failure(let error):
                        try multistatus.write(href: context.href(of: path), error.status)
                    }
                }
            }
        }
    }

    /// `DAV:principal-match`: what is, or has to do with, the principal who asks (RFC 3744 §9.3).
    static var principalMatch: Report {
        Report(.dav("principal-match"), applies: \.isCollection) { (request, context) throws(DAVError) in
            try request.requireDepthZero()
            let selection = try PropertySelection(
                request.body.propertiesAsked, fields: request.fields, inReport: false, context: context)
            let place = request.resource.container
            if request.body.first(.dav("self")) != nil {
                let own = try context.identities().filter { $0.path.isWithin(place.path) }
                return try context.answer(own.map(\.resource), selection)
            }
            guard let name = request.body.first(.dav("principal-property"))?.elements.first?.name else {
                throw DAVError(
                    .badRequest, message: "There must be DAV:self or DAV:principal-property.")
            }
            var match = PropertyMatch(
                name: name, identities: Set(try context.identities().map(\.path)), context: context)
            try match.look(in: place)
            return try context.answer(match.found, selection)
        }
    }
}

/// A search through all that is in a collection for a property that names the principal who asks.
private struct PropertyMatch {
    let name: ElementName
    let identities: Set<StorePath>
    let context: Context
    var found: [Resource] = []
    private var seen = 0

    init(name: ElementName, identities: Set<StorePath>, context: Context) {
        self.name = name
        self.identities = identities
        self.context = context
    }

    /// Resources that are looked at: a bound on what one request can ask for.
    private static let maxSeen = 20_000

    mutating func look(in container: ContainerView) throws(DAVError) {
        if container.storage == .collection {
            for item in try container.snapshot().items {
                try look(at: Resource(container: container, item: item))
            }
        }
        for child in try container.children() {
            try look(at: child.resource)
            try look(in: child)
        }
    }

    private mutating func look(at resource: Resource) throws(DAVError) {
        seen += 1
        guard seen <= Self.maxSeen else { throw .tooManyMatches }
        let hrefs = context.value(of: name, on: resource)?.all(.href) ?? []
        for href in hrefs {
            if let path = try context.principal(href: href.text)?.path, identities.contains(path) {
                return found.append(resource)
            }
        }
    }
}

extension Context {
    /// The principal who asks, and the groups it is a member of, directly or through other groups.
    fileprivate func identities() throws(DAVError) -> [ContainerView] {
        guard let user else { return [] }
        var found: [ContainerView] = []
        for principal in try allPrincipals() {
            for identity in [principal] + principal.groups where isMember(user, of: identity.path) {
                found.append(identity)
            }
        }
        return found
    }

    /// The value of a property as an element; nil when the resource does not have it, or the user may not see it.
    public func value(of name: ElementName, on resource: Resource) -> XMLElement? {
        guard let property = features.property(name), !property.inReportsOnly else { return nil }
        var writer = XMLWriter(prefixes: features.prefixes)
        writer.start(name)
        let question = PropertyQuestion(resource: resource, request: XMLElement(name), context: self)
        do {
            guard try property.read(question, &writer) else { return nil }
            writer.end()
            return try XMLReader.parse(writer.take())
        } catch {
            if let error = error as? DAVError, error.details == nil { return nil }
            log("\(name) of \(resource.href): \(error)")
            return nil
        }
    }

    /// A 207 about resources that were found.
    ///
    /// - Throws: 403 `DAV:number-of-matches-within-limits` when they are too many (RFC 3744 §9.2, §9.4).
    func answer(_ resources: [Resource], _ selection: PropertySelection) throws(DAVError) -> Response {
        guard resources.count <= Self.maxPrincipals else { throw .tooManyMatches }
        return multistatus { (multistatus) throws(StreamError) in
            for resource in resources { try multistatus.write(resource, selection) }
        }
    }

    /// Principals in one answer.
    public static var maxPrincipals: Int { 1000 }
}

extension DAVError {
    /// More matches than an answer may have (RFC 3744 §9.2).
    static var tooManyMatches: DAVError {
        DAVError(.forbidden, violated: .dav("number-of-matches-within-limits"))
    }
}

extension ReportRequest {
    /// RFC 3744 §9: these reports are for Depth 0 only, which an absent field means.
    func requireDepthZero() throws(DAVError) {
        guard depth ?? .zero == .zero else {
            throw DAVError(.badRequest, message: "This report is asked with Depth: 0.")
        }
    }
}

extension XMLElement {
    /// The `DAV:prop` in a report that asks for no properties when it has none.
    public var propertiesAsked: XMLElement {
        XMLElement(name, children: [.element(first(.prop) ?? XMLElement(.prop))])
    }

    /// All text in the element, its children's too, with a line end between texts.
    var allText: String {
        ([text.trimmingWhitespace] + elements.map(\.allText)).filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
