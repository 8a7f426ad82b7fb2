import HTTP
import Store
public import XML

extension Feature {
    /// Synchronisation of collections (RFC 6578), and the older `getctag` that says whether there is anything to do.
    public static var syncCollection: Feature {
        Feature(
            tokens: ["sync-collection"], prefixes: [(namespace: .calendarServer, prefix: "CS")],
            properties: [
                .state(.dav("sync-token"), \.text),
                .state(ElementName(.calendarServer, "getctag"), \.changeTag),
                .state(.dav("getctag"), \.changeTag),
            ],
            reports: [
                Report(
                    .dav("sync-collection"),
                    applies: { $0.isCollection && $0.container.canBeSynchronized },
                    handle: { (request, context) throws(DAVError) in
                        try SyncCollection(request, context).response()
                    })
            ])
    }
}

extension Namespace {
    /// The namespace of the extensions that came with Apple's Calendar Server.
    public static let calendarServer = Namespace("http://calendarserver.org/ns/")
}

extension LiveProperty {
    /// The state of a collection: equal when nothing in it changed, nor in the collections in it.
    fileprivate static func state(
        _ name: ElementName, _ text: @escaping (SyncState) -> String
    ) -> LiveProperty {
        .text(name) { (resource, _) throws(DAVError) in
            guard resource.isCollection, resource.container.canBeSynchronized else { return nil }
            return text(try SyncState(of: resource.container))
        }
    }
}

/// One `DAV:sync-collection` report (RFC 6578 §3.2).
private struct SyncCollection {
    let container: ContainerView
    let context: Context
    let selection: PropertySelection
    let limit: Int?
    let state: SyncState
    let isDeep: Bool

    init(_ request: ReportRequest, _ context: Context) throws(DAVError) {
        self.container = request.resource.container
        self.context = context
        switch request.body.first(.dav("sync-level"))?.text.trimmingWhitespace {
        case "1": self.isDeep = false
        case "infinite", "infinity": self.isDeep = true
        // RFC 6578, appendix A: old clients send a Depth field instead, which says nothing where the level is given.
        case nil: self.isDeep = request.depth == .infinity
        default: throw DAVError(.badRequest, message: "sync-level must be 1 or infinite.")
        }
        let token = request.body.first(.dav("sync-token"))?.text.trimmingWhitespace ?? ""
        guard let state = token.isEmpty ? SyncState() : SyncState(token) else { throw .invalidSyncToken }
        self.state = state
        self.limit = try Self.limit(request.body)
        self.selection = try PropertySelection(
            request.body, fields: request.fields, inReport: true, context: context)
    }

    private static func limit(_ body: XMLElement) throws(DAVError) -> Int? {
        guard let text = body.first(.dav("limit"))?.first(.dav("nresults"))?.text.trimmingWhitespace else {
            return nil
        }
        guard let limit = Int(text), limit > 0 else {
            throw DAVError(.badRequest, message: "nresults must be a positive number.")
        }
        return limit
    }

    func response() throws(DAVError) -> Response {
        var walk = SyncWalk(isDeep: isDeep, limit: limit)
        let next = try walk.walk(container, from: state)
        let (pieces, isTruncated) = (walk.pieces, walk.isTruncated)
        return context.multistatus { (multistatus) throws(StreamError) in
            for piece in pieces { try write(piece, to: multistatus) }
            if isTruncated {
                // RFC 6578 §3.6.
                try multistatus.write(
                    href: container.href, .insufficientStorage,
                    violated: .dav("number-of-matches-within-limits"))
            }
            try multistatus.write(syncToken: next.text)
        }
    }

    private func write(_ piece: SyncWalk.Piece, to multistatus: Multistatus) throws(StreamError) {
        switch piece {
        case .items(let items, let indices, let container):
            try multistatus.write(items, indices, in: container, selection)
        case .changes(let changes, let container):
            for change in changes {
                switch change {
                case .written(let item):
                    try multistatus.write(Resource(container: container, item: item), selection)
                case .deleted(let name):
                    try multistatus.write(
                        href: container.href + percentEncoded(name.description), .notFound)
                }
            }
        case .member(let container): try multistatus.write(container.resource, selection)
        case .refused(let container):
            try multistatus.write(href: container.href, .forbidden, violated: .dav("supported-report"))
        case .removed(let href): try multistatus.write(href: href, .notFound)
        }
    }
}
