import HTTP
import WebDAV
import XML

extension Report {
    /// Hands out the cards that the client names (RFC 6352 §8.7).
    static var addressbookMultiget: Report {
        Report(
            .carddav("addressbook-multiget"), applies: { $0.container.isAddressbook },
            handle: { (request, context) throws(DAVError) in
                try request.checkAddressData()
                let selection = try PropertySelection(
                    request.body, fields: request.fields, inReport: true, context: context)
                return try context.multiget(request, selection) { $0.isAddressObject }
            })
    }
}
