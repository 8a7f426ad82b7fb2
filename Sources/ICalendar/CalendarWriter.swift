import ContentLine

/// Writes calendars (RFC 5545 §3.1 and §3.4).
public struct CalendarWriter {
    /// The bytes of a component: what was read is written as it was, the rest folded and with CRLF.
    ///
    /// A component read among the properties of another is written in the same place among them.
    public static func bytes(of component: Component) -> [UInt8] {
        var bytes: [UInt8] = []
        append(component, to: &bytes)
        return bytes
    }

    /// Appends the bytes of a component.
    public static func append(_ component: Component, to bytes: inout [UInt8]) {
        (component.begin ?? ContentLine(name: "BEGIN", value: component.name)).append(to: &bytes)
        var inner = component.components[...]
        for (index, property) in component.properties.enumerated() {
            while let next = inner.first, next.place <= index {
                append(next, to: &bytes)
                inner.removeFirst()
            }
            property.append(to: &bytes)
        }
        for component in inner { append(component, to: &bytes) }
        (component.end ?? ContentLine(name: "END", value: component.name)).append(to: &bytes)
    }
}
