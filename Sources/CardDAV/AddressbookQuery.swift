import HTTP
import Index
import Store
import WebDAV
import XML

extension Report {
    /// Finds the cards that match a filter (RFC 6352 §8.6).
    static func addressbookQuery(_ services: AddressbookServices) -> Report {
        Report(
            .carddav("addressbook-query"), applies: { $0.container.isAddressbook },
            handle: { (request, context) throws(DAVError) in
                try services.answerQuery(request, context)
            })
    }
}

extension AddressbookServices {
    fileprivate func answerQuery(_ request: ReportRequest, _ context: Context) throws(DAVError) -> Response {
        guard let element = request.body.first(.carddav("filter")) else {
            throw DAVError(.badRequest, message: "An addressbook-query needs a filter.")
        }
        let filter = try AddressbookFilter(element)
        let limit = min(try request.limit, limits.matches)
        try request.checkAddressData()
        let selection = try PropertySelection(
            request.body, fields: request.fields, inReport: true, context: context)
        let scope = try self.scope(of: request, filter, context)
        return context.multistatus { (multistatus) throws(StreamError) in
            var count = 0
            for (resource, isMatch) in scope {
                do throws(DAVError) {
                    guard isMatch ? true : try self.matches(resource, filter) else { continue }
                } catch {
                    context.log("\(resource.href): \(error.details ?? error.status.description)")
                    try multistatus.write(href: resource.href, error.status)
                    continue
                }
                guard count < limit else {
                    // RFC 6352 §8.6.2: this response does not count.
                    try multistatus.write(
                        href: request.resource.href, .insufficientStorage,
                        violated: .dav("number-of-matches-within-limits"))
                    return
                }
                count += 1
                try multistatus.write(resource, selection)
            }
        }
    }
}

extension AddressbookServices {
    /// The cards that may match, and whether they are known to.
    ///
    /// RFC 3253 §3.6 takes a missing `Depth` for 0, which in an address book finds nothing: who leaves it out means the
    /// members.
    fileprivate func scope(
        of request: ReportRequest, _ filter: AddressbookFilter, _ context: Context
    ) throws(DAVError) -> [(resource: Resource, isMatch: Bool)] {
        guard request.resource.isCollection else { return [(request.resource, false)] }
        // RFC 6352 §5.2: there are no address books below this one.
        if request.depth == .zero { return [] }
        let container = request.resource.container
        let view = view(of: container, at: try container.snapshot(), context)
        var found: [(resource: Resource, isMatch: Bool)] = []
        view.forEachRecord(at: view.places) { place, record in
            let answer = CardRecord(record).answer(to: filter, in: record)
            guard answer != .no else { return }
            found.append((Resource(container: container, item: view.item(at: place)), answer == .yes))
        }
        return found
    }

    /// Whether a card matches, by the card itself.
    fileprivate func matches(_ resource: Resource, _ filter: AddressbookFilter) throws(DAVError) -> Bool {
        try card(of: resource, for: filter).map(filter.matches) ?? false
    }
}

extension ReportRequest {

    /// How many cards the client wants at most (RFC 6352 §10.6).
    fileprivate var limit: Int {
        get throws(DAVError) {
            guard let element = body.first(.carddav("limit")) else { return .max }
            let digits = element.first(.carddav("nresults"))?.text.trimmingWhitespace ?? ""
            guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
                throw DAVError(.badRequest, message: "The limit of a query is a number in nresults.")
            }
            return Int(digits) ?? .max
        }
    }
}
