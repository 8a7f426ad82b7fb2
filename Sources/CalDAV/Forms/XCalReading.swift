import ContentLine
import HTTP
import ICalendar
import WebDAV
import XML

extension CalendarServices {
    /// The iCalendar text of an xCal document (RFC 6321), by way of jCal, which has the same parts.
    static func text(ofXML bytes: [UInt8]) throws(DAVError) -> [UInt8] {
        do {
            let root = try XMLReader.parse(bytes)
            guard root.name == ElementName(.xCal, "icalendar"), let calendar = root.elements.first,
                root.elements.count == 1
            else { throw TypedPropertyError("an icalendar element has one vcalendar in it") }
            return CalendarWriter.bytes(of: try JCal.component(try json(calendar)))
        } catch {
            throw DAVError(
                .forbidden, violated: .calDAV("valid-calendar-data"),
                message: "The xCal cannot be read: \(error).")
        }
    }

    private static func json(_ component: XMLElement) throws(TypedPropertyError) -> JSONValue {
        var properties: [JSONValue] = []
        for element in component.first(ElementName(.xCal, "properties"))?.elements ?? [] {
            properties.append(try property(element))
        }
        var components: [JSONValue] = []
        for element in component.first(ElementName(.xCal, "components"))?.elements ?? [] {
            components.append(try json(element))
        }
        return .array([.string(component.name.local), .array(properties), .array(components)])
    }

    private static func property(_ element: XMLElement) throws(TypedPropertyError) -> JSONValue {
        var parameters: [JSONValue.Member] = []
        var values: [JSONValue] = []
        var type: String?
        var parts: [JSONValue] = []
        for child in element.elements {
            if child.name.local == "parameters" {
                parameters = child.elements.map { parameter in
                    JSONValue.Member(
                        parameter.name.local, .array(parameter.elements.map { .string($0.text) }))
                }
                continue
            }
            // RFC 6321 §3.4.1.2, §3.4.1.3: properties with parts.
            if ["geo", "request-status"].contains(element.name.local) {
                parts.append(.string(child.text))
                continue
            }
            type = child.name.local
            values.append(try value(child))
        }
        if !parts.isEmpty {
            type = element.name.local == "geo" ? "float" : "text"
            values = [.array(parts)]
        }
        guard let type else { throw TypedPropertyError("\(element.name.local) has no value") }
        return .array([.string(element.name.local), .object(parameters), .string(type)] + values)
    }

    private static func value(_ element: XMLElement) throws(TypedPropertyError) -> JSONValue {
        switch element.name.local {
        case "period": return .array(element.elements.map { .string($0.text) })
        case "recur":
            var members: [JSONValue.Member] = []
            for part in element.elements {
                let name = part.name.local
                let same = members.firstIndex { $0.name.hasSameBytes(as: name) }
                let before = same.map { members.remove(at: $0).value.elements ?? [] } ?? []
                members.append(JSONValue.Member(name, .array(before + [.string(part.text)])))
            }
            return .object(members)
        default: return .string(element.text)
        }
    }
}

extension Namespace {
    /// The namespace of xCal (RFC 6321 §3.2).
    static let xCal = Namespace("urn:ietf:params:xml:ns:icalendar-2.0")
}
