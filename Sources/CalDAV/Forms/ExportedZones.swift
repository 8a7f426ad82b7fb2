import ContentLine
import ICalendar

/// The time zones of an export: each is written once, and two that differ never under one name (RFC 5545 §3.6.5).
///
/// Programs write the same zone in many ways, and leave out what was long ago. Two definitions are one zone where clocks show
/// the same from the year in which the object begins.
struct ExportedZones {
    /// A definition that was met, and what its zone is called in the export.
    private struct Definition {
        let component: Component
        let name: String
        /// The clocks of it and of the one that was written agree from this year on.
        var agreesFrom: Int
    }

    private var known: [[UInt8]: [Definition]] = [:]
    private var names: Set<[UInt8]> = []

    /// More definitions of one name are not told apart, but written each with a name of its own.
    private static let mostDefinitions = 32
    /// The years that are compared end with this one.
    private static let lastYear = 2037

    /// The components of an object, with its zones only where they come for the first time.
    mutating func components(of calendar: Component) -> [Component] {
        var components: [Component] = []
        var renamed: [(from: String, to: String)] = []
        var year: Int?
        for component in calendar.components {
            guard component.isNamed("VTIMEZONE"), let tzid = component.text("TZID") else {
                components.append(component)
                continue
            }
            let first = year ?? Self.firstYear(of: calendar)
            year = first
            let (name, isNew) = place(of: component, tzid, from: first)
            if !name.hasSameBytes(as: tzid) { renamed.append((tzid, name)) }
            if isNew { components.append(component) }
        }
        guard !renamed.isEmpty else { return components }
        return components.map { Self.renaming($0, renamed) }
    }

    /// What the zone is called in the export, and whether it is to be written.
    private mutating func place(
        of component: Component, _ tzid: String, from year: Int
    ) -> (name: String, isNew: Bool) {
        let key = Array(tzid.utf8)
        var definitions = known[key] ?? []
        if let same = definitions.first(where: { $0.component == component && $0.agreesFrom <= year }) {
            return (same.name, false)
        }
        if definitions.count < Self.mostDefinitions, let zone = TimeZoneDefinition(component) {
            for written in definitions where written.agreesFrom == Int.min {
                guard let other = TimeZoneDefinition(written.component),
                    Self.agree(zone, other, from: year)
                else { continue }
                definitions.append(
                    Definition(component: component, name: written.name, agreesFrom: year))
                known[key] = definitions
                return (written.name, false)
            }
        }
        var name = tzid
        var number = 2
        while !names.insert(Array(name.utf8)).inserted {
            name = "\(tzid) (\(number))"
            number += 1
        }
        definitions.append(Definition(component: component, name: name, agreesFrom: Int.min))
        known[key] = definitions
        return (name, true)
    }

    /// Whether clocks show the same, looked at every few days.
    private static func agree(
        _ zone: TimeZoneDefinition, _ other: TimeZoneDefinition, from year: Int
    ) -> Bool {
        guard year < lastYear, let start = CivilDate(year: year, month: 1, day: 1),
            let end = CivilDate(year: lastYear, month: 1, day: 1)
        else { return false }
        for day in stride(from: start.daysSinceEpoch, to: end.daysSinceEpoch, by: 3) {
            let instant = Instant(secondsSinceEpoch: Int64(day) * 86400)
            if zone.offset(at: instant) != other.offset(at: instant) { return false }
        }
        return true
    }

    /// The year of the first date in the object's own components, not before 1900.
    static func firstYear(of calendar: Component) -> Int {
        var year = lastYear - 1
        for component in calendar.components where !component.isNamed("VTIMEZONE") {
            for property in component.properties where property.tzid != nil {
                guard let value = DateTimeValue.list(property)?.first else { continue }
                year = min(year, value.local.date.year)
            }
        }
        return max(year - 1, 1900)
    }

    private static func renaming(
        _ component: Component, _ renamed: [(from: String, to: String)]
    ) -> Component {
        func name(of tzid: String) -> String? { renamed.first { $0.from.hasSameBytes(as: tzid) }?.to }
        var component = component
        if component.isNamed("VTIMEZONE") {
            guard let new = component.text("TZID").flatMap(name) else { return component }
            component.setProperty(ContentLine(name: "TZID", text: new))
            return component
        }
        for index in component.properties.indices {
            guard
                let place = component.properties[index].parameters.firstIndex(where: { $0.isNamed("TZID") }),
                let new = component.properties[index].parameters[place].values.first.flatMap(name)
            else { continue }
            component.properties[index].parameters[place].values = [new]
        }
        component.components = component.components.map { renaming($0, renamed) }
        return component
    }
}
