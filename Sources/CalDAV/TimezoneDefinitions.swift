import ContentLine
import ICalendar
import Scheduling
import WebDAV

/// Definitions of the time zones that calendars name and do not define themselves.
extension CalendarServices {
    /// The definitions that a calendar lacks, of those zones that are known, in the order in which they are named.
    func missingDefinitions(in calendar: Component) -> [Component] {
        var missing: [Component] = []
        for tzid in undefinedZones(in: calendar) {
            let year = ExportedZones.firstYear(of: calendar)
            if let definition = definition(of: tzid, since: year > 1970 ? 1970 : nil) {
                missing.append(definition)
            }
        }
        return missing
    }

    /// A message with the definitions that it lacks: who gets it may not know the zones (RFC 5545 §3.2.19).
    func completed(_ message: ITIPMessage) -> ITIPMessage {
        do { return try ITIPMessage(completed(message.object.calendar)) } catch { return message }
    }

    /// The names of the zones that are neither defined in a calendar nor known here, of those that its times need.
    func unknownZones(in calendar: Component) -> [String] {
        undefinedZones(in: calendar).filter { zones.zone(named: $0) == nil }
    }

    /// A zone with its name, as a calendar that has nothing else (RFC 4791 §5.2.2).
    func timezoneObject(named tzid: String) -> String? {
        guard let definition = definition(of: tzid, since: 1970) else { return nil }
        let calendar = Component(
            name: "VCALENDAR",
            properties: [
                ContentLine(name: "VERSION", value: "2.0"),
                ContentLine(name: "PRODID", value: productIdentifier),
            ],
            components: [definition])
        return String(decoding: CalendarWriter.bytes(of: calendar), as: UTF8.self)
    }

    private func definition(of tzid: String, since year: Int?) -> Component? {
        let key = "\(tzid)\n\(year ?? 0)"
        if let known = definitions[key] { return known }
        guard let zone = zones.zone(named: tzid), let made = zone.component(tzid: tzid, since: year) else {
            return nil
        }
        // Names come from clients, and must not fill the memory.
        if definitions.count >= 100 { definitions = [:] }
        definitions[key] = made
        return made
    }

    private func undefinedZones(in calendar: Component) -> [String] {
        var names: [String] = []
        for component in calendar.components where !component.isNamed("VTIMEZONE") {
            component.appendZones(to: &names)
        }
        guard !names.isEmpty else { return [] }
        let defined = calendar.components.compactMap {
            $0.isNamed("VTIMEZONE") ? $0.property("TZID")?.value.trimmingBlanks : nil
        }
        return names.filter { name in !defined.contains { $0.hasSameBytes(as: name) } }
    }
}

extension Component {
    /// Adds the names of the zones in which local times are given, each once.
    fileprivate func appendZones(to names: inout [String]) {
        for property in properties {
            guard let tzid = property.tzid, !names.contains(where: { $0.hasSameBytes(as: tzid) }),
                // A date, and a time in UTC, has no use for it.
                DateTimeValue.list(property)?.allSatisfy({ $0.tzid == nil }) != true
            else { continue }
            names.append(tzid)
        }
        for component in components { component.appendZones(to: &names) }
    }
}
