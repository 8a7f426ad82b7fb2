public import HTTP
import Store
public import XML

/// Makes a collection for MKCOL and MKCALENDAR: all of it, with its properties, or nothing (RFC 5689 §3, RFC 4791 §5.3.1).
public struct CollectionCreation {
    /// What kind it is to be; nil lets `DAV:resourcetype` in the update tell.
    public let kind: CollectionKind?
    /// The root element of an answer that tells which properties failed.
    public let responseName: ElementName
    /// The properties to set.
    public let update: PropertyUpdate

    /// Describes a collection to be made.
    public init(kind: CollectionKind?, responseName: ElementName, update: PropertyUpdate) {
        self.kind = kind
        self.responseName = responseName
        self.update = update
    }

    /// Makes it at a URL without a resource.
    ///
    /// - Throws: 409 when the parent is missing, 403 where none may be made.
    /// - Returns: 201, or 207 with the root element `responseName` when a property cannot be set; then nothing was made.
    public func make(at vacancy: VacantURL, _ context: Context) throws(DAVError) -> Response {
        guard let parent = vacancy.parent else {
            throw DAVError(.conflict, message: "The parent collection does not exist.")
        }
        try context.require(.bind, on: parent)
        guard !vacancy.name.isHidden else { throw DAVError(.forbidden, message: "This name cannot be used.") }
        // RFC 4791 §4.2, RFC 6352 §5.2: no collections in calendars and address books.
        if let condition = parent.kind.nestingViolates { throw DAVError(.forbidden, violated: condition) }
        try context.locks.requireMembership(of: vacancy.location)
        var update = update
        let kind = try takeKind(from: &update, context)
        let target = PropertyTarget(path: vacancy.path, kind: kind)
        let (changes, outcomes) = update.evaluate(for: target, context)
        guard !outcomes.contains(where: { $0.error != nil }) else { return response(outcomes, context) }
        var metadata = changes.compactMapValues { $0 }
        // A collection without a kind of its own has no type, as one made by Xandikos.
        if kind.type != CollectionKind.plain.type { metadata[.type] = kind.type }
        try storing { () throws(StoreError) in
            try context.store.makeCollection(at: vacancy.location, metadata: metadata, by: context.author)
        }
        context.forgetContainers()
        try context.show(at: vacancy.location)
        return Response(.created, fields: ["Cache-Control": "no-cache"])
    }

    /// The kind: given by the method, or by the elements of `DAV:resourcetype` (RFC 5689 §3).
    private func takeKind(from update: inout PropertyUpdate, _ context: Context) throws(DAVError)
        -> CollectionKind
    {
        let instruction = update.take(.dav("resourcetype"))
        if let kind { return kind }
        guard let value = instruction?.value else { return .plain }
        let types = Set(value.elements.map(\.name)).subtracting([.dav("collection")])
        guard let kind = context.features.kind(resourceTypes: types) else {
            throw DAVError(.forbidden, violated: .dav("valid-resourcetype"))
        }
        return kind
    }

    private func response(_ outcomes: [PropertyUpdate.Outcome], _ context: Context) -> Response {
        var writer = XMLWriter(prefixes: context.features.prefixes)
        writer.start(responseName)
        PropertyUpdate.write(outcomes, in: &writer)
        writer.end()
        return Response(
            .multiStatus,
            // RFC 4791 §5.3.1, RFC 5689 §3.
            fields: ["Content-Type": "application/xml; charset=utf-8", "Cache-Control": "no-cache"],
            body: .bytes(writer.take()))
    }
}
