internal import ContentLine
internal import ICalendar

/// What of a component counts when two states of it are compared.
struct ComparedForm: Hashable {
    private let lines: [[UInt8]]
    private let components: [ComparedForm]

    /// What attendees are to be told of: not who answered what, nor when the object was written (RFC 6638 §3.2.10).
    ///
    /// Of what no standard defines, only what people are shown counts. Programs write the rest as they like, often anew each
    /// time; attendees get it with the next change that counts.
    init(shared component: Component) {
        var told = component.shared
        told.properties.removeAll { $0.isExtension && !$0.isShown }
        for index in told.properties.indices where !told.properties[index].isExtension {
            told.properties[index].parameters.removeAll { isExtensionName($0.name) }
        }
        self.init(told, leavingOut: Self.bookkeeping + ["SEQUENCE", "TRANSP"], partStatOf: [])
    }

    /// What the owner of a copy knows, all but the answers of others.
    init(owned component: Component, by owner: Set<CalendarUserAddress>) {
        self.init(component, leavingOut: Self.bookkeeping, partStatOf: owner)
    }

    private static let bookkeeping = ["DTSTAMP", "LAST-MODIFIED", "CREATED", "REQUEST-STATUS"]
    /// Parameters of calendar users that say more than how a message fared and who answered what.
    private static let userParameters = ["ROLE", "CUTYPE", "MEMBER"]

    private init(
        _ component: Component, leavingOut: [String], partStatOf owner: Set<CalendarUserAddress>
    ) {
        lines = component.properties.compactMap { line in
            guard !leavingOut.contains(where: line.isNamed) else { return nil }
            guard line.isNamed("ATTENDEE") || line.isNamed("ORGANIZER") else {
                return Self.form(line.name, line.parameters, line.value)
            }
            let address = CalendarUserAddress(line.value)
            var kept = Self.userParameters
            if owner.contains(address) { kept.append("PARTSTAT") }
            return Self.form(
                line.name, line.parameters.filter { parameter in kept.contains(where: parameter.isNamed) },
                address.description)
        }.sorted { $0.lexicographicallyPrecedes($1) }
        components = component.components.map { inner in
            ComparedForm(inner, leavingOut: leavingOut, partStatOf: owner)
        }
    }

    private static func form(_ name: String, _ parameters: [Parameter], _ value: String) -> [UInt8] {
        var bytes = Array(name.uppercased().utf8)
        let written = parameters.filter { parameter in
            // A value type that follows from the form of the value says nothing.
            !parameter.isNamed("VALUE")
        }.map { parameter in
            Array(parameter.name.uppercased().utf8) + [0x3D]
                + parameter.values.flatMap { Array($0.utf8) + [0] }
        }.sorted { $0.lexicographicallyPrecedes($1) }
        for parameter in written { bytes += [0x3B] + parameter }
        return bytes + [0x3A] + Array(value.utf8)
    }

    /// Feeds all of it to a digest.
    func feed(_ digest: inout StableDigest) {
        for line in lines { digest.add(line) }
        digest.add([])
        for component in components { component.feed(&digest) }
        digest.add([])
    }
}

private func isExtensionName(_ name: String) -> Bool {
    var bytes = name.utf8.makeIterator()
    return bytes.next().map { $0 | 0x20 } == UInt8(ascii: "x") && bytes.next() == UInt8(ascii: "-")
}

extension ContentLine {
    /// Whether no standard defines the property (RFC 5545 §3.8.8.2).
    fileprivate var isExtension: Bool { isExtensionName(name) }

    /// Whether programs show the property to people: formatted descriptions, where on the map it is, how to join by video.
    fileprivate var isShown: Bool {
        let name = name.uppercased()
        return Self.shownPrefixes.contains { name.utf8.starts(with: $0.utf8) }
    }

    private static let shownPrefixes = [
        "X-ALT-DESC", "X-APPLE-STRUCTURED-LOCATION", "X-CONFERENCE", "X-GOOGLE-CONFERENCE",
        "X-GOOGLE-HANGOUT",
        "X-MICROSOFT-ONLINEMEETING", "X-MICROSOFT-SKYPETEAMS", "X-ZOOM-",
    ]
}
