public import HTTP
public import XML

/// Which properties a request asks for, resolved once and then used for each resource.
public struct PropertySelection {
    /// How the properties were asked for.
    public enum Mode: Hashable, Sendable {
        /// `DAV:prop`: each one is answered, with 404 if need be.
        case named
        /// `DAV:allprop`: those that the resource has.
        case all
        /// `DAV:propname`: the names of those that the resource has.
        case names
    }

    /// One property; an object, because each resource of a long answer goes through all of them.
    final class Entry {
        let request: XMLElement
        let property: LiveProperty?
        let start: [UInt8]
        let end: [UInt8]

        init(request: XMLElement, property: LiveProperty?, start: [UInt8], end: [UInt8]) {
            self.request = request
            self.property = property
            self.start = start
            self.end = end
        }
    }

    /// How the properties were asked for.
    public let mode: Mode
    let entries: [Entry]
    /// Whether properties that a resource lacks go unmentioned (RFC 8144 §2.1).
    let isMinimal: Bool

    /// Resolves the properties that `element` (`DAV:propfind` or a report's root) asks for.
    ///
    /// - Parameters:
    ///   - element: an element with `DAV:prop`, `DAV:allprop` (and `DAV:include`) or `DAV:propname` in it.
    ///   - fields: the request's fields, for `Prefer`.
    ///   - inReport: whether properties of reports are answered.
    ///   - context: the context.
    /// - Throws: 400 when more than one of the three is there.
    public init(
        _ element: XMLElement, fields: Fields, inReport: Bool, context: Context
    ) throws(DAVError) {
        var form: XMLElement?
        for case .element(let child) in element.children where Self.isForm(child.name) {
            guard form == nil else {
                throw DAVError(
                    .badRequest, message: "Only one of prop, allprop and propname can be asked for.")
            }
            form = child
        }
        let included = element.first(.dav("include"))?.elements ?? []
        self.init(form: form, included: included, fields: fields, inReport: inReport, context: context)
    }

    init(form: XMLElement?, included: [XMLElement], fields: Fields, inReport: Bool, context: Context) {
        var requests: [XMLElement]
        switch form?.name.local {
        case "prop":
            self.mode = .named
            requests = form?.elements ?? []
        case "propname":
            self.mode = .names
            requests = context.features.allProperties.filter { !$0.inReportsOnly }.map { XMLElement($0.name) }
        default:
            self.mode = .all
            requests = context.features.allProperties.filter(\.inAllprop).map { XMLElement($0.name) }
            requests += included
        }
        self.entries = requests.map { request in
            let (property, tags) = context.features.element(request.name)
            return Entry(
                request: request, property: property.flatMap { $0.inReportsOnly && !inReport ? nil : $0 },
                start: Self.start(tags.start, with: property?.attributes?(request) ?? []), end: tags.end)
        }
        self.isMinimal = Prefer(fields).returnMinimal
    }

    /// A start tag with attributes.
    private static func start(
        _ tag: [UInt8], with attributes: [(name: String, value: String)]
    ) -> [UInt8] {
        guard !attributes.isEmpty else { return tag }
        let written = attributes.map { #" \#($0.name)="\#($0.value)""# }.joined()
        return tag.dropLast() + Array(written.utf8) + [UInt8(ascii: ">")]
    }

    /// Whether properties that a resource lacks go unmentioned.
    var hidesMissing: Bool { mode != .named || isMinimal }

    private static func isForm(_ name: ElementName) -> Bool {
        guard name.namespace == .dav else { return false }
        return name.local == "prop" || name.local == "allprop" || name.local == "propname"
    }
}
