import HTTP
import WebDAV
import XML

extension Report {
    /// Hands out the cards that the client names (RFC 6352 §8.7).
    static var addressbookMultiget: Report {
        Report(
            .carddav("addressbook-multiget"), applies: { $0.container.isAddressbook },
            handle: { (request, context) throws(DAVError) in try answerMultiget(request, context) })
    }
}

/// `Depth` says nothing here (RFC 6352 §8.7), and clients send all of its values.
private func answerMultiget(_ request: ReportRequest, _ context: Context) throws(DAVError) -> Response {
    try request.checkAddressData()
    let selection = try PropertySelection(
        request.body, fields: request.fields, inReport: true, context: context)
    var hrefs = request.body.all(.href).map(\.text.trimmingWhitespace)
    if hrefs.isEmpty {
        guard request.resource.isAddressObject else {
            throw DAVError(.badRequest, message: "An addressbook-multiget of an address book names cards.")
        }
        hrefs = [request.resource.href]
    }
    return context.multistatus { (multistatus) throws(StreamError) in
        var answered: Set<[UInt8]> = []
        for href in hrefs {
            if let resource = context.resource(href: href, on: request.resource), resource.isAddressObject {
                guard answered.insert(Array(resource.href.utf8)).inserted else { continue }
                try multistatus.write(resource, selection)
            } else {
                // A client finds what it lost by the href as it sent it.
                guard answered.insert(Array(href.utf8)).inserted else { continue }
                try multistatus.write(href: href, .notFound)
            }
        }
    }
}
