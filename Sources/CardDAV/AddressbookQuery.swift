import HTTP
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
        let scope = try request.scope()
        return context.multistatus { (multistatus) throws(StreamError) in
            var count = 0
            for resource in scope {
                do throws(DAVError) {
                    guard let card = try self.card(of: resource, for: filter), filter.matches(card) else {
                        continue
                    }
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

extension ReportRequest {
    /// The cards that are looked at.
    ///
    /// RFC 3253 §3.6 takes a missing `Depth` for 0, which in an address book finds nothing: who leaves it out means the
    /// members.
    fileprivate func scope() throws(DAVError) -> [Resource] {
        guard resource.isCollection else { return [resource] }
        switch depth {
        case .zero: return []
        // RFC 6352 §5.2: there are no address books below this one.
        case .one, .infinity, nil:
            let container = resource.container
            return try container.snapshot().items.map { Resource(container: container, item: $0) }
        }
    }

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
