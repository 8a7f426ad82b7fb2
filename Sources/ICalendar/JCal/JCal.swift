public import ContentLine

/// Calendars in JSON: jCal (RFC 7265).
public enum JCal {
    /// The media type (RFC 7265 §7).
    public static let mediaType = "application/calendar+json"

    /// The bytes of a component: an array of its name, its properties and its components (RFC 7265 §3.3).
    public static func bytes(of component: Component) -> [UInt8] {
        var bytes: [UInt8] = []
        append(component, to: &bytes)
        return bytes
    }

    /// Appends the bytes of a component.
    public static func append(_ component: Component, to bytes: inout [UInt8]) {
        appendStart(of: component.name, component.properties, to: &bytes)
        for (index, inner) in component.components.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(inner, to: &bytes)
        }
        appendEnd(to: &bytes)
    }

    /// Appends the beginning of a component, up to the components in it, which have commas between them.
    public static func appendStart(of name: String, _ properties: [ContentLine], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        JSONValue.string(name.asciiLowerCase).append(to: &bytes)
        bytes += Array(",[".utf8)
        for (index, property) in properties.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            TypedProperty(calendar: property).json.append(to: &bytes)
        }
        bytes += Array("],[".utf8)
    }

    /// Appends the end of a component.
    public static func appendEnd(to bytes: inout [UInt8]) { bytes += Array("]]".utf8) }

    /// Reads a calendar.
    ///
    /// - Throws: `TypedPropertyError` when the bytes are not one.
    public static func parse(
        _ bytes: [UInt8], limits: CalendarLimits = .default
    ) throws(TypedPropertyError) -> Component {
        let json: JSONValue
        do {
            json = try JSONParser.parse(bytes)
        } catch {
            throw TypedPropertyError(error.description)
        }
        return try component(json, limits: limits)
    }

    /// Reads a component that is an array already.
    ///
    /// - Throws: `TypedPropertyError` when it is not one.
    public static func component(
        _ json: JSONValue, limits: CalendarLimits = .default
    ) throws(TypedPropertyError) -> Component {
        var left = limits.maxComponents
        return try component(json, depth: 1, limits, &left)
    }

    private static func component(
        _ json: JSONValue, depth: Int, _ limits: CalendarLimits, _ left: inout Int
    ) throws(TypedPropertyError) -> Component {
        left -= 1
        guard depth <= limits.maxDepth, left >= 0 else { throw TypedPropertyError("too many components") }
        guard let parts = json.elements, parts.count == 3, case .string(let name) = parts[0],
            let properties = parts[1].elements, let components = parts[2].elements,
            !name.isEmpty, name.utf8.allSatisfy(isNameByte)
        else {
            throw TypedPropertyError("a component is an array of its name, its properties and components")
        }
        var component = Component(name: name.asciiUpperCase)
        for property in properties {
            component.properties.append(try TypedProperty(property).calendarLine())
        }
        for inner in components {
            component.components.append(try self.component(inner, depth: depth + 1, limits, &left))
        }
        return component
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
        default: false
        }
    }
}
