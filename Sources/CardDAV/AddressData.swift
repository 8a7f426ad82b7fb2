import ContentLine
import HTTP
import VCard
import WebDAV
import XML

extension LiveProperty {
    /// A card, or the parts of it that the report asks for (RFC 6352 §10.4).
    static var addressData: LiveProperty {
        LiveProperty(
            .addressData, inReportsOnly: true, attributes: AddressDataRequest.answerAttributes
        ) { (question, writer) throws(DAVError) in
            guard question.resource.isAddressObject else { return false }
            let request = try AddressDataRequest(question.request)
            guard let bytes = request.select(from: try question.resource.bytes()) else {
                // RFC 6352 §8.7.2.
                throw DAVError(
                    .unsupportedMediaType, violated: .named(.carddav("supported-address-data-conversion")))
            }
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
    /// A `CARDDAV:prop` (RFC 6352 §10.4.2).
    struct Part {
        let name: PropertyName
        let withoutValue: Bool
    }

    /// The wanted properties; nil for all of the card as it is stored.
    let parts: [Part]?
    /// The form in which cards are wanted; nil for the stored one, whichever it is.
    let format: CardFormat?

    /// Reads the element.
    ///
    /// - Throws: 403 `CARDDAV:supported-address-data` for another type or version than those of address books; 400 for a
    ///   `CARDDAV:prop` without a name.
    init(_ element: XMLElement) throws(DAVError) {
        let (type, version) = (element.attribute("content-type"), element.attribute("version"))
        guard let format = CardFormat(mediaType: type ?? "text/vcard", version: version) else {
            throw DAVError(
                .forbidden, violated: .named(.carddav("supported-address-data")),
                message: "Cards are handed out as text/vcard of version 3.0 or 4.0, jCard, or xCard.")
        }
        // RFC 6352 §10.4 takes a missing version for 3.0. Who names none gets what is stored: clients that do so read both.
        self.format = version == nil && format.mediaType == "text/vcard" ? nil : format
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

    /// RFC 6352 §10.4: what the data is, where it is not what it is by default.
    static func answerAttributes(_ element: XMLElement) -> [(name: String, value: String)] {
        let (type, version) = (element.attribute("content-type"), element.attribute("version"))
        guard type != nil || version != nil,
            let format = CardFormat(mediaType: type ?? "text/vcard", version: version)
        else { return [] }
        if format.mediaType != "text/vcard" {
            return [("content-type", format.mediaType), ("version", format.version.rawValue)]
        }
        return version == nil || format == .version3 ? [] : [("version", format.version.rawValue)]
    }

    /// The wanted part of a stored card in the wanted form; nil when it cannot be had in it.
    ///
    /// Bytes that are not a card are handed out whole if any form will do.
    func select(from bytes: [UInt8]) -> [UInt8]? {
        if parts == nil, format == nil { return bytes }
        guard let stored = storedCard(bytes) else { return format == nil ? bytes : nil }
        guard let format else { return CardWriter.bytes(of: selected(stored)) }
        // What is in the form already is not written anew.
        if parts == nil, format.mediaType == "text/vcard", stored.version == format.version { return bytes }
        return stored.converted(to: format.version).map { format.written(selected($0)) }
    }

    private func selected(_ card: Card) -> Card {
        guard let parts else { return card }
        var card = card
        card.properties = card.properties.compactMap { property in
            let wanted = parts.filter { $0.name.matches(property) }
            guard !wanted.isEmpty else { return nil }
            guard wanted.allSatisfy(\.withoutValue) else { return property }
            var bare = property
            bare.value = ""
            return bare
        }
        return card
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
