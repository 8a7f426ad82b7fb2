import HTTP
import Store
public import XML

extension Feature {
    /// Synchronisation of collections (RFC 6578), and the older `getctag` that says whether there is anything to do.
    public static var syncCollection: Feature {
        Feature(
            tokens: ["sync-collection"], prefixes: [(namespace: .calendarServer, prefix: "CS")],
            properties: [
                .state(.dav("sync-token")), .state(ElementName(.calendarServer, "getctag")),
                .state(.dav("getctag")),
            ],
            reports: [
                Report(
                    .dav("sync-collection"),
                    applies: { $0.isCollection && $0.container.storage == .collection },
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
    /// The state of a collection: equal when nothing in it changed.
    fileprivate static func state(_ name: ElementName) -> LiveProperty {
        .text(name) { (resource, _) throws(DAVError) in
            guard resource.isCollection, resource.container.storage == .collection else { return nil }
            return SyncToken.complete(try resource.container.snapshot().version).text
        }
    }
}

/// One `DAV:sync-collection` report (RFC 6578 §3.2).
private struct SyncCollection {
    let container: ContainerView
    let context: Context
    let selection: PropertySelection
    let limit: Int?
    let token: SyncToken?

    init(_ request: ReportRequest, _ context: Context) throws(DAVError) {
        self.container = request.resource.container
        self.context = context
        // RFC 6578 §3.3: a Depth field is passed over; old clients send one instead of sync-level.
        let level = request.body.first(.dav("sync-level"))?.text.trimmingWhitespace
        switch level {
        case "1", nil: break
        case "infinite", "infinity": throw DAVError(.forbidden, violated: .dav("sync-traversal-supported"))
        default: throw DAVError(.badRequest, message: "sync-level must be 1 or infinite.")
        }
        let tokenText = request.body.first(.dav("sync-token"))?.text.trimmingWhitespace ?? ""
        if tokenText.isEmpty {
            self.token = nil
        } else if let token = SyncToken(tokenText) {
            self.token = token
        } else {
            throw .invalidSyncToken
        }
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

    /// What a page is about: from which version (nil: nothing) to which, after which name.
    private struct Page {
        let from: CollectionVersion?
        let to: any Snapshot
        let after: ItemName?
    }

    private func page() throws(DAVError) -> Page {
        let collection = try container.collection()
        switch token {
        case nil: return Page(from: nil, to: try container.snapshot(), after: nil)
        case .complete(let version): return Page(from: version, to: try container.snapshot(), after: nil)
        case .partial(let from, let to, let name):
            // A page goes on towards the version that the first page had in view; what changed since comes with the
            // token of that version.
            let target = try storing { () throws(StoreError) in try collection.snapshot(at: to) }
            guard let target else { throw .invalidSyncToken }
            return Page(from: from.description.isEmpty ? nil : from, to: target, after: name)
        }
    }

    /// The changes that a client is told of, in byte order of the names.
    private enum Changes {
        /// To a client without a token all items are new; they need not be in memory at once.
        case all(Items)
        case some([Change])

        var count: Int {
            switch self {
            case .all(let items): items.count
            case .some(let changes): changes.count
            }
        }

        subscript(index: Int) -> Change {
            switch self {
            case .all(let items): .written(items[index])
            case .some(let changes): changes[index]
            }
        }

        /// The index of the first change behind `name`; O(log n).
        func index(after name: ItemName) -> Int {
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                if self[middle].name <= name { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    private func changes(_ page: Page) throws(DAVError) -> Changes {
        guard let from = page.from else { return .all(page.to.items) }
        let collection = try container.collection()
        let changes = try storing { () throws(StoreError) in try collection.changes(from: from, to: page.to) }
        guard let changes else { throw .invalidSyncToken }
        return .some(changes)
    }

    func response() throws(DAVError) -> Response {
        let page = try page()
        let changes = try changes(page)
        var indices = (page.after.map { changes.index(after: $0) } ?? 0)..<changes.count
        let isTruncated = limit.map { indices.count > $0 } ?? false
        if let limit { indices = indices.prefix(limit) }
        var next = SyncToken.complete(page.to.version)
        if isTruncated, let last = indices.last.map({ changes[$0] }) {
            next = .partial(from: page.from ?? CollectionVersion(""), to: page.to.version, upTo: last.name)
        }
        return context.multistatus { (multistatus) throws(StreamError) in
            switch changes {
            case .all(let items): try multistatus.write(items, indices, in: container, selection)
            case .some(let changes):
                for change in changes[indices] { try write(change, to: multistatus) }
            }
            if isTruncated {
                // RFC 6578 §3.6.
                try multistatus.write(
                    href: container.href, .insufficientStorage,
                    violated: .dav("number-of-matches-within-limits"))
            }
            try multistatus.write(XMLElement(.dav("sync-token"), text: next.text))
        }
    }
}

extension SyncCollection {
    private func write(_ change: Change, to multistatus: Multistatus) throws(StreamError) {
        switch change {
        case .written(let item):
            try multistatus.write(Resource(container: container, item: item), selection)
        case .deleted(let name):
            try multistatus.write(href: container.href + percentEncoded(name.description), .notFound)
        }
    }
}

extension DAVError {
    /// The token is not one of this collection's (RFC 6578 §3.2).
    fileprivate static var invalidSyncToken: DAVError {
        DAVError(.forbidden, violated: .dav("valid-sync-token"))
    }
}
