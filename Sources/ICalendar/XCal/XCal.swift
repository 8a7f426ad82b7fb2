public import ContentLine

/// Calendars in XML: xCal (RFC 6321).
public enum XCal {
    /// The media type (RFC 6321 §7).
    public static let mediaType = "application/calendar+xml"

    /// The bytes of a calendar as a document (RFC 6321 §3.2).
    public static func document(of calendar: Component) -> [UInt8] {
        var bytes = documentStart
        append(calendar, to: &bytes)
        bytes += documentEnd
        return bytes
    }

    /// What stands before calendars.
    public static let documentStart = Array(
        (#"<?xml version="1.0" encoding="utf-8"?>"# + "\n"
            + #"<icalendar xmlns="urn:ietf:params:xml:ns:icalendar-2.0">"#).utf8)
    /// What stands after them.
    public static let documentEnd = Array("</icalendar>".utf8)

    /// Appends a component (RFC 6321 §3.3); one whose name no element can have is left out.
    public static func append(_ component: Component, to bytes: inout [UInt8]) {
        guard MarkupText.isName(component.name.asciiLowerCase) else { return }
        appendStart(of: component.name, component.properties, to: &bytes)
        if !component.components.isEmpty {
            MarkupText.append("components", to: &bytes) { bytes in
                for inner in component.components { append(inner, to: &bytes) }
            }
        }
        appendEnd(of: component.name, to: &bytes)
    }

    /// Appends the beginning of a component with its properties.
    public static func appendStart(of name: String, _ properties: [ContentLine], to bytes: inout [UInt8]) {
        bytes += Array("<\(name.asciiLowerCase)>".utf8)
        guard !properties.isEmpty else { return }
        MarkupText.append("properties", to: &bytes) { bytes in
            for property in properties { append(TypedProperty(calendar: property), to: &bytes) }
        }
    }

    /// Appends the end of a component.
    public static func appendEnd(of name: String, to bytes: inout [UInt8]) {
        bytes += Array("</\(name.asciiLowerCase)>".utf8)
    }

    /// Appends a property (RFC 6321 §3.4).
    private static func append(_ property: TypedProperty, to bytes: inout [UInt8]) {
        guard MarkupText.isName(property.name) else { return }
        MarkupText.append(property.name, to: &bytes) { bytes in
            MarkupText.append(property.parameters, to: &bytes) { parameterTypes[$0] ?? "text" }
            for value in property.values { append(value, of: property, to: &bytes) }
        }
    }

    private static func append(_ value: JSONValue, of property: TypedProperty, to bytes: inout [UInt8]) {
        switch (property.name, property.type, value) {
        case ("geo", _, .array(let parts)):
            append(parts, as: ["latitude", "longitude"], to: &bytes)
        case ("request-status", _, .array(let parts)):
            append(parts, as: ["code", "description", "data"], to: &bytes)
        case (_, "period", .array(let parts)):
            let isDuration = parts.last?.text?.utf8.contains(UInt8(ascii: "P")) ?? false
            MarkupText.append("period", to: &bytes) { bytes in
                append(parts, as: ["start", isDuration ? "duration" : "end"], to: &bytes)
            }
        case (_, "recur", .object(let members)):
            MarkupText.append("recur", to: &bytes) { append(rule: members, to: &$0) }
        case (_, _, .bool(let value)): MarkupText.append(property.type, value ? "true" : "false", to: &bytes)
        default:
            let type = MarkupText.isName(property.type) ? property.type : "unknown"
            MarkupText.append(type, value.text ?? "", to: &bytes)
        }
    }

    private static func append(_ parts: [JSONValue], as names: [String], to bytes: inout [UInt8]) {
        for (name, part) in zip(names, parts) { MarkupText.append(name, part.text ?? "", to: &bytes) }
    }

    /// RFC 6321 §3.6.10: the parts of a rule in this order, and what is not known after them.
    private static func append(rule members: [JSONValue.Member], to bytes: inout [UInt8]) {
        let known = ruleParts.compactMap { name in members.first { $0.name.hasSameBytes(as: name) } }
        let others = members.filter { member in !ruleParts.contains { member.name.hasSameBytes(as: $0) } }
        for member in known + others where MarkupText.isName(member.name) {
            for value in member.value.elements ?? [member.value] {
                MarkupText.append(member.name, value.text ?? "", to: &bytes)
            }
        }
    }

    private static let ruleParts = [
        "freq", "until", "count", "interval", "bysecond", "byminute", "byhour", "byday", "bymonthday",
        "byyearday", "byweekno", "bymonth", "bysetpos", "wkst",
    ]

    /// The types of parameters whose values are no texts (RFC 6321 §3.5, RFC 9073 §5).
    private static let parameterTypes = [
        "altrep": "uri", "dir": "uri", "schema": "uri", "delegated-from": "cal-address",
        "delegated-to": "cal-address", "member": "cal-address", "sent-by": "cal-address", "rsvp": "boolean",
        "derived": "boolean", "order": "integer",
    ]
}
