internal import ContentLine
internal import ICalendar

extension Component {
    /// What of the component others may see: no alarms, nothing that programs keep for their user alone, and none of the
    /// parameters that are between a client and its server (RFC 6638 §7).
    var shared: Component {
        var copy = self
        copy.components.removeAll { $0.isNamed("VALARM") }
        for name in Set(copy.properties.filter(\.isPrivate).map { $0.name.uppercased() }) {
            copy.removeProperties(name)
        }
        for index in copy.properties.indices
        where copy.properties[index].isNamed("ATTENDEE") || copy.properties[index].isNamed("ORGANIZER") {
            copy.properties[index].removeServerParameters()
        }
        return copy
    }

    /// What the user keeps of an earlier state of a component when the organizer changes it: alarms, what is private, and
    /// what attendees may change (RFC 6638 §3.2.2.1).
    mutating func keepPrivateParts(of earlier: Component) {
        components.removeAll { $0.isNamed("VALARM") }
        components += earlier.components("VALARM").map { alarm in
            Component(name: alarm.name, properties: alarm.properties, components: alarm.components)
        }
        for name in ["TRANSP", "PERCENT-COMPLETE", "COMPLETED", "CREATED"] {
            removeProperties(name)
            properties += earlier.properties(name)
        }
        properties += earlier.properties.filter(\.isPrivate)
    }
}

extension ContentLine {
    /// Whether the property is one that a program keeps for its user: when alarms were seen, how it is displayed, notes.
    var isPrivate: Bool {
        guard name.utf8.count > 2, name.utf8.first.map({ $0 | 0x20 }) == UInt8(ascii: "x") else {
            return false
        }
        return Self.privatePrefixes.contains { prefix in
            name.utf8.count >= prefix.utf8.count
                && String(decoding: name.utf8.prefix(prefix.utf8.count), as: UTF8.self).isName(prefix)
        }
    }

    private static let privatePrefixes = [
        "X-MOZ-", "X-LIC-", "X-EVOLUTION-", "X-KDE-", "X-RADICALE-", "X-APPLE-DEFAULT-ALARM",
        "X-APPLE-LOCAL-DEFAULT-ALARM", "X-APPLE-DONTSCHEDULE", "X-APPLE-NEEDS-REPLY", "X-APPLE-TRAVEL",
        "X-CALENDARSERVER-", "X-ARTEMISIOS-",
    ]

    /// Removes what is between a client and its server (RFC 6638 §7.1, §7.2, §7.3).
    mutating func removeServerParameters() {
        for name in ["SCHEDULE-AGENT", "SCHEDULE-STATUS", "SCHEDULE-FORCE-SEND", Self.stampParameter] {
            set(name, nil)
        }
    }
}
