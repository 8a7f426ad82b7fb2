public import ContentLine

/// A vCard: one person, organization, group or place (RFC 6350, RFC 2426).
///
/// Everything is kept in order, also what is not known. What was read and not changed prints back byte for
/// byte. Two cards are equal when their properties are, however they are written.
public struct Card: Hashable, Sendable {
    /// The versions of vCard that can be read.
    public enum Version: String, Hashable, Sendable, CaseIterable {
        /// vCard 2.1 (versit, 1996); read only.
        case v2_1 = "2.1"
        /// vCard 3.0 (RFC 2426).
        case v3_0 = "3.0"
        /// vCard 4.0 (RFC 6350).
        case v4_0 = "4.0"
    }

    /// The properties in order, `VERSION` among them.
    public var properties: [ContentLine]

    /// The lines `BEGIN` and `END` it was read from.
    var begin: ContentLine?
    var end: ContentLine?

    /// Makes a card; `VERSION` is one of the properties.
    public init(properties: [ContentLine]) {
        self.properties = properties
    }

    /// The first property of that name, of whichever group.
    public func property(_ upperCaseName: String) -> ContentLine? {
        properties.first { $0.isNamed(upperCaseName) }
    }

    /// All properties of that name in order, of whichever group.
    public func properties(_ upperCaseName: String) -> [ContentLine] {
        properties.filter { $0.isNamed(upperCaseName) }
    }

    /// All properties of a group, such as `item1`, whose name has no case (RFC 6350 §3.3).
    public func properties(inGroup group: String) -> [ContentLine] {
        properties.filter { $0.group?.isSameName(as: group) ?? false }
    }

    /// The text of the first property of that name, with its escapes undone.
    public func text(_ upperCaseName: String) -> String? {
        property(upperCaseName)?.text
    }

    /// Whether the properties are equal, in order.
    public static func == (left: Card, right: Card) -> Bool {
        left.properties == right.properties
    }

    /// Hashes all that is compared.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(properties)
    }
}
