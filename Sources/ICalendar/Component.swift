public import ContentLine

/// A component of a calendar: what stands between `BEGIN` and `END` (RFC 5545 §3.6).
///
/// Everything is kept in order, also what is not known. What was read and not changed prints back byte for
/// byte. Two components are equal when their names, properties and components are, however they are written.
public struct Component: Hashable, Sendable {
    /// The name as written; compare with `isNamed`.
    public var name: String {
        didSet {
            begin = nil
            end = nil
        }
    }
    /// The properties, without those of the components inside.
    public var properties: [ContentLine]
    /// The components inside, such as the alarms of an event.
    public var components: [Component]

    /// The lines `BEGIN` and `END` it was read from.
    var begin: ContentLine?
    var end: ContentLine?
    /// How many of the properties of the component around it come before it.
    var place = Int.max

    /// Makes a component.
    public init(name: String, properties: [ContentLine] = [], components: [Component] = []) {
        self.name = name
        self.properties = properties
        self.components = components
    }

    /// Whether the name is `upperCaseName` but for the case of ASCII letters.
    public func isNamed(_ upperCaseName: String) -> Bool {
        name.isName(upperCaseName)
    }

    /// The first property of that name.
    public func property(_ upperCaseName: String) -> ContentLine? {
        properties.first { $0.isNamed(upperCaseName) }
    }

    /// All properties of that name, in order.
    public func properties(_ upperCaseName: String) -> [ContentLine] {
        properties.filter { $0.isNamed(upperCaseName) }
    }

    /// All components of that name directly inside, in order.
    public func components(_ upperCaseName: String) -> [Component] {
        components.filter { $0.isNamed(upperCaseName) }
    }

    /// Whether names, properties and components are equal, in order.
    public static func == (left: Component, right: Component) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.properties == right.properties
            && left.components == right.components
    }

    /// Hashes all that is compared.
    public func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
        hasher.combine(properties)
        hasher.combine(components)
    }
}
