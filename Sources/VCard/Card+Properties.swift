public import ContentLine

extension Card {
    /// The version, nil when there is none or it is unknown (RFC 6350 §6.7.9).
    public var version: Version? {
        guard let value = property("VERSION")?.value else { return nil }
        return Version.allCases.first { value.trimmingBlanks.hasSameBytes(as: $0.rawValue) }
    }

    /// The UID (RFC 6350 §6.7.6); compare by bytes, with `hasSameBytes`.
    public var uid: String? { text("UID") }

    /// The name as it is shown (RFC 6350 §6.2.1).
    public var formattedName: String? { text("FN") }

    /// The components of the name: family, given, additional, prefixes, suffixes (RFC 6350 §6.2.2).
    public var name: [[String]]? { property("N").map { TextValue.structured($0.value) } }

    /// What the card is about, in lower case: `individual`, `group`, `org`, `location` or other (RFC 6350 §6.1.4).
    ///
    /// vCard 3.0 has no `KIND`; there `X-ADDRESSBOOKSERVER-KIND`, as Apple's programs write, counts.
    public var kind: String {
        (text("KIND") ?? text("X-ADDRESSBOOKSERVER-KIND"))?.lowercased() ?? "individual"
    }

    /// Whether the card is a group of others.
    public var isGroup: Bool { kind.hasSameBytes(as: "group") }

    /// The values of `MEMBER`, or of `X-ADDRESSBOOKSERVER-MEMBER` in vCard 3.0 (RFC 6350 §6.6.5).
    public var members: [String] {
        properties.filter { $0.isNamed("MEMBER") || $0.isNamed("X-ADDRESSBOOKSERVER-MEMBER") }.map(\.value)
    }

    /// Replaces the first property named as `property` is and removes the others, or appends it.
    public mutating func setProperty(_ property: ContentLine) {
        guard let first = properties.firstIndex(where: { $0.name.isSameName(as: property.name) }) else {
            properties.append(property)
            return
        }
        properties[first] = property
        let rest = properties[(first + 1)...].filter { !$0.name.isSameName(as: property.name) }
        properties.replaceSubrange((first + 1)..., with: rest)
    }

    /// Removes every property of that name.
    public mutating func removeProperties(_ upperCaseName: String) {
        properties.removeAll { $0.isNamed(upperCaseName) }
    }
}
