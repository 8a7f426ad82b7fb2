import ContentLine
import HTTP
import VCard
import WebDAV
import XML

/// Reading cards in XML (RFC 6351), by way of jCard, which has the same parts.
enum XCardReading {
    /// The text of the one card of an xCard document.
    ///
    /// - Throws: 403 `CARDDAV:valid-address-data`.
    static func text(of bytes: [UInt8]) throws(DAVError) -> [UInt8] {
        do {
            let root = try XMLReader.parse(bytes)
            guard root.name == ElementName(.xCard, "vcards"), let card = root.elements.first,
                root.elements.count == 1, card.name == ElementName(.xCard, "vcard")
            else { throw TypedPropertyError("a vcards element has one vcard in it") }
            return CardWriter.bytes(of: try JCard.card(try json(card)))
        } catch {
            throw DAVError(
                .forbidden, violated: .named(.carddav("valid-address-data")),
                message: "The xCard cannot be read: \(error).")
        }
    }

    private static func json(_ card: XMLElement) throws(TypedPropertyError) -> JSONValue {
        // RFC 6351 §5: the version is that of the namespace.
        var properties: [JSONValue] = [
            .array([.string("version"), .object([]), .string("text"), .string("4.0")])
        ]
        for element in card.elements {
            guard element.name.local == "group" else {
                properties.append(try property(element, group: nil))
                continue
            }
            for inner in element.elements {
                properties.append(try property(inner, group: element.attribute("name")))
            }
        }
        return .array([.string("vcard"), .array(properties)])
    }

    private static func property(
        _ element: XMLElement, group: String?
    ) throws(TypedPropertyError) -> JSONValue {
        let name = element.name.local
        var parameters: [JSONValue.Member] = []
        if let group { parameters.append(JSONValue.Member("group", .string(group))) }
        var parts: [XMLElement] = []
        for child in element.elements {
            guard child.name.local == "parameters" else {
                parts.append(child)
                continue
            }
            parameters += child.elements.map { parameter in
                JSONValue.Member(
                    parameter.name.local, .array(parameter.elements.map { .string($0.text) }))
            }
        }
        let head: [JSONValue] = [.string(name), .object(parameters)]
        if let components = XCard.components(of: name) {
            let values = components.map { component -> JSONValue in
                let texts = parts.filter { $0.name.local == component }.map { JSONValue.string($0.text) }
                return texts.count == 1 ? texts[0] : texts.isEmpty ? .string("") : .array(texts)
            }
            return .array(head + [.string("text"), .array(values)])
        }
        guard let first = parts.first else { throw TypedPropertyError("\(name) has no value") }
        let texts = parts.map { JSONValue.string($0.text) }
        // RFC 6351 appendix A: the components of ORG have no names.
        if name == "org" { return .array(head + [.string("text"), .array(texts)]) }
        if XCard.hasDateAndOrTime(name), ["date", "time", "date-time"].contains(first.name.local) {
            let text = first.name.local == "time" ? "T\(first.text)" : first.text
            return .array(head + [.string("date-and-or-time"), .string(text)])
        }
        return .array(head + [.string(first.name.local)] + texts)
    }
}

extension Namespace {
    /// The namespace of xCard (RFC 6351 §4).
    static let xCard = Namespace("urn:ietf:params:xml:ns:vcard-4.0")
}
