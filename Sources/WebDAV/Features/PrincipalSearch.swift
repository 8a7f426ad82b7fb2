import HTTP
import Store
import XML

extension Feature {
    /// Reports about principals (RFC 3744 §9).
    public static var principalReports: Feature {
        Feature(
            reports: [
                .aclPrincipalPropSet, .principalMatch, .principalPropertySearch, .principalSearchPropertySet,
            ],
            searchable: [(.dav("displayname"), "Name")])
    }
}

extension Report {
    /// `DAV:principal-property-search`: principals with properties that match (RFC 3744 §9.4).
    ///
    /// As calendarserver.org has it, `test="anyof"` asks for any match instead of all, and `match-type` of `equals`,
    /// `starts-with` or `ends-with` for another one than of a part of the text. What the user may not see is not found.
    static var principalPropertySearch: Report {
        Report(.dav("principal-property-search"), applies: \.isCollection) {
            (request, context) throws(DAVError) in
            try request.requireDepthZero()
            let search = try PrincipalSearch(request.body)
            let selection = PropertySelection(
                form: request.body.principalPropertiesAsked(context.features), included: [],
                fields: request.fields, inReport: false, context: context)
            var place = request.resource.container.path
            // RFC 3744 §9.4: then the request's URL says nothing.
            if request.body.first(.dav("apply-to-principal-collection-set")) != nil {
                place = context.principals.collection
            }
            var found: [Resource] = []
            for principal in try context.allPrincipals() where principal.path.isWithin(place) {
                guard principal.privileges.contains(.read), search.matches(principal.resource, context) else {
                    continue
                }
                found.append(principal.resource)
                guard found.count <= Context.maxPrincipals else { throw .tooManyMatches }
            }
            return try context.answer(found, selection)
        }
    }

    /// `DAV:principal-search-property-set`: what can be searched for (RFC 3744 §9.5).
    static var principalSearchPropertySet: Report {
        Report(.dav("principal-search-property-set"), applies: \.isCollection) {
            (request, context) throws(DAVError) in
            try request.requireDepthZero()
            var writer = XMLWriter(prefixes: context.features.prefixes)
            writer.start(.dav("principal-search-property-set"))
            for (name, description) in context.features.searchable {
                writer.start(.dav("principal-search-property"))
                writer.element(XMLElement(.prop, children: [.element(XMLElement(name))]))
                var text = XMLElement(.dav("description"), text: description)
                text.attributes = [(name: ElementName(.xml, "lang"), value: "en")]
                writer.element(text)
                writer.end()
            }
            writer.end()
            return Response(
                .ok, fields: ["Content-Type": "application/xml; charset=utf-8"], body: .bytes(writer.take()))
        }
    }
}

/// What a `DAV:principal-property-search` looks for.
private struct PrincipalSearch {
    /// One `DAV:property-search`: a text, in any of some properties.
    struct Criterion {
        let names: [ElementName]
        let text: [UInt8]
        let type: String
    }

    let criteria: [Criterion]
    let needsAll: Bool

    /// Criteria in one search: a bound on what each principal costs.
    private static let maxCriteria = 50

    init(_ body: XMLElement) throws(DAVError) {
        needsAll = body.attribute("test") != "anyof"
        var criteria: [Criterion] = []
        for element in body.all(.dav("property-search")) {
            guard let match = element.first(.dav("match")) else {
                throw DAVError(.badRequest, message: "A DAV:property-search needs a DAV:match.")
            }
            let names = element.all(.prop).flatMap(\.elements).map(\.name)
            criteria.append(
                Criterion(
                    names: names, text: Array(match.text.lowercased().utf8),
                    type: match.attribute("match-type") ?? "contains"))
        }
        guard criteria.count <= Self.maxCriteria, criteria.allSatisfy({ $0.names.count <= Self.maxCriteria })
        else { throw .tooManyMatches }
        self.criteria = criteria
    }

    /// Whether a principal matches; without criteria all do.
    func matches(_ principal: Resource, _ context: Context) -> Bool {
        func holds(_ criterion: Criterion) -> Bool {
            criterion.names.contains { name in
                context.features.searchable.contains { $0.name == name }
                    && context.value(of: name, on: principal)
                        .map { criterion.matches(Array($0.allText.lowercased().utf8)) } ?? false
            }
        }
        if criteria.isEmpty { return true }
        return needsAll ? criteria.allSatisfy(holds) : criteria.contains(where: holds)
    }
}

extension XMLElement {
    /// The `DAV:prop` in a search for principals, which asks for no properties when there is none.
    ///
    /// RFC 4918 §17 has us ignore an element that nobody expects. But python-caldav leaves `DAV:prop` empty and names the
    /// properties it wants beside it, where a property can be nothing else.
    fileprivate func principalPropertiesAsked(_ features: FeatureSet) -> XMLElement {
        let asked = first(.prop) ?? XMLElement(.prop)
        guard asked.elements.isEmpty else { return asked }
        let beside = elements.filter { features.property($0.name) != nil }
        return XMLElement(.prop, children: beside.map { .element($0) })
    }
}

extension PrincipalSearch.Criterion {
    /// Whether a text in lower case has what is looked for.
    func matches(_ value: [UInt8]) -> Bool {
        switch type {
        case "equals": return value == text
        case "starts-with": return value.starts(with: text)
        case "ends-with":
            return value.count >= text.count && value[(value.count - text.count)...] == text[...]
        default:
            guard let first = text.first else { return true }
            guard value.count >= text.count else { return false }
            for start in 0...(value.count - text.count) where value[start] == first {
                if value[start..<(start + text.count)] == text[...] { return true }
            }
            return false
        }
    }
}
