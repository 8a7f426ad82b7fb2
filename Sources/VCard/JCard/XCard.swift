import ContentLine

/// Cards in XML: xCard (RFC 6351).
///
/// They are of vCard 4.0.
public enum XCard {
    /// The names of the elements for the components of a property's value; nil for a property that has none with names.
    public static func components(of property: String) -> [String]? { componentNames[property] }

    /// Whether the value of a property is a date, a time or both, as its element tells.
    public static func hasDateAndOrTime(_ property: String) -> Bool {
        CardPropertyTypes.type(of: property) == "date-and-or-time"
    }

    /// The media type (RFC 6351 §8.2).
    public static let mediaType = "application/vcard+xml"

    /// What stands before cards.
    public static let documentStart = Array(
        (#"<?xml version="1.0" encoding="utf-8"?>"# + "\n"
            + #"<vcards xmlns="urn:ietf:params:xml:ns:vcard-4.0">"#).utf8)
    /// What stands after them.
    public static let documentEnd = Array("</vcards>".utf8)

    /// The bytes of a card, which is in version 4.0, as a document.
    public static func document(of card: Card) -> [UInt8] {
        var bytes = documentStart
        append(card, to: &bytes)
        bytes += documentEnd
        return bytes
    }

    /// Appends a card; the version is that of the namespace (RFC 6351 §5).
    public static func append(_ card: Card, to bytes: inout [UInt8]) {
        MarkupText.append("vcard", to: &bytes) { bytes in
            for line in card.properties where !line.isNamed("VERSION") {
                guard let group = line.group else {
                    append(line, to: &bytes)
                    continue
                }
                // RFC 6351 §5.
                bytes += Array(#"<group name="\#(group.asciiLowerCase)">"#.utf8)
                append(line, to: &bytes)
                bytes += Array("</group>".utf8)
            }
        }
    }

    private static func append(_ line: ContentLine, to bytes: inout [UInt8]) {
        let property = TypedProperty(card: line)
        guard MarkupText.isName(property.name) else { return }
        MarkupText.append(property.name, to: &bytes) { bytes in
            MarkupText.append(property.parameters, to: &bytes) { parameterTypes[$0] ?? "text" }
            for value in property.values { append(value, of: property, line, to: &bytes) }
        }
    }

    private static func append(
        _ value: JSONValue, of property: TypedProperty, _ line: ContentLine, to bytes: inout [UInt8]
    ) {
        if property.type == "text", CardPropertyTypes.structured.contains(property.name) {
            let components = value.elements ?? [value]
            let names = componentNames[property.name]
            for (index, component) in components.enumerated() {
                // RFC 6351 appendix A: the components of ORG have no names.
                let name = names.map { index < $0.count ? $0[index] : nil } ?? "text"
                guard let name else { continue }
                for text in component.elements ?? [component] {
                    MarkupText.append(name, text.text ?? "", to: &bytes)
                }
            }
            return
        }
        switch property.type {
        case "date", "time", "date-time", "timestamp", "utc-offset":
            // RFC 6351 appendix A: basic forms.
            MarkupText.append(property.type, line.value, to: &bytes)
        case "date-and-or-time":
            let time = line.value.utf8.firstIndex(of: UInt8(ascii: "T"))
            let type = time == nil ? "date" : time == line.value.startIndex ? "time" : "date-time"
            let text =
                type == "time" ? String(decoding: line.value.utf8.dropFirst(), as: UTF8.self) : line.value
            MarkupText.append(type, text, to: &bytes)
        default:
            let type = MarkupText.isName(property.type) ? property.type : "unknown"
            if case .bool(let value) = value {
                return MarkupText.append(type, value ? "true" : "false", to: &bytes)
            }
            MarkupText.append(type, value.text ?? "", to: &bytes)
        }
    }

    private static let componentNames = [
        "n": ["surname", "given", "additional", "prefix", "suffix"],
        "adr": ["pobox", "ext", "street", "locality", "region", "code", "country"],
        "gender": ["sex", "identity"], "clientpidmap": ["sourceid", "uri"],
    ]

    /// The types of parameters whose values are no texts (RFC 6351 appendix A).
    private static let parameterTypes = ["language": "language-tag", "pref": "integer", "geo": "uri"]
}
