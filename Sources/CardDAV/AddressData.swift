import ContentLine
import HTTP
import VCard
import WebDAV
import XML

extension LiveProperty {
    /// A card, or the parts of it that the report asks for (RFC 6352 §10.4).
    static var addressData: LiveProperty {
        LiveProperty(.addressData, inReportsOnly: true) { (question, writer) throws(DAVError) in
            guard question.resource.isAddressObject else { return false }
            let request = try AddressDataRequest(question.request)
            let bytes = request.select(from: try question.resource.bytes())
            if bytes.isUTF8 {
                writer.text(bytes)
            } else {
                // Put there by other means than PUT; the report must stay well-formed.
                writer.text(String(decoding: bytes, as: UTF8.self).utf8)
            }
            return true
        }
    }
}

/// What of a card a report asks for: `CARDDAV:address-data` in a request (RFC 6352 §10.4).
struct AddressDataRequest {
    /// Versions of vCard that are taken and handed out.
    static let versions = ["3.0", "4.0"]

    /// A `CARDDAV:prop` (RFC 6352 §10.4.2).
    struct Part {
        let name: PropertyName
        let withoutValue: Bool
    }

    /// The wanted properties; nil for all of the card as it is stored.
    let parts: [Part]?

    /// Reads the element.
    ///
    /// - Throws: 403 `CARDDAV:supported-address-data` for another type or version than those of address books; 400 for a
    ///   `CARDDAV:prop` without a name.
    init(_ element: XMLElement) throws(DAVError) {
        let type = element.attribute("content-type")?.lowercased() ?? "text/vcard"
        // RFC 6352 §5.1.1 has a card that is in the other version refused with `supported-address-data-conversion`. It
        // is handed out as it is stored instead: clients read both, and would lose the contact.
        guard type == "text/vcard", element.attribute("version").map(Self.versions.contains) ?? true else {
            throw DAVError(
                .forbidden, violated: .named(.carddav("supported-address-data")),
                message: "Cards are handed out as text/vcard of version 3.0 or 4.0.")
        }
        let props = element.all(.carddav("prop"))
        guard !props.isEmpty, element.first(.carddav("allprop")) == nil else {
            self.parts = nil
            return
        }
        var parts: [Part] = []
        for prop in props {
            guard let name = prop.attribute("name") else {
                throw DAVError(.badRequest, message: "A prop of address-data has no name.")
            }
            parts.append(
                Part(name: PropertyName(name), withoutValue: prop.attribute("novalue") == "yes"))
        }
        self.parts = parts
    }

    /// The wanted part of a stored card; bytes that are not a card are handed out whole.
    func select(from bytes: [UInt8]) -> [UInt8] {
        guard let parts, var card = storedCard(bytes) else { return bytes }
        card.properties = card.properties.compactMap { property in
            let wanted = parts.filter { $0.name.matches(property) }
            guard !wanted.isEmpty else { return nil }
            guard wanted.allSatisfy(\.withoutValue) else { return property }
            var bare = property
            bare.value = ""
            return bare
        }
        return CardWriter.bytes(of: card)
    }
}

extension ReportRequest {
    /// Checks the `CARDDAV:address-data` that the report asks for before any of it is answered.
    ///
    /// - Throws: what `AddressDataRequest` throws.
    func checkAddressData() throws(DAVError) {
        for element in body.first(.prop)?.all(.addressData) ?? [] { _ = try AddressDataRequest(element) }
    }
}
