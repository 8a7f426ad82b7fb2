import ContentLine
import ICalendar
import Store
import WebDAV

/// When somebody cannot be met, by the `VAVAILABILITY` components that they have set or stored (RFC 7953 §4).
struct Availability {
    private let start: Instant
    private let end: Instant
    private var parts: [Part] = []

    /// What one component says of the range.
    private struct Part {
        let rank: Int
        let type: FreeBusy.BusyType
        let start: Instant
        let end: Instant
        let available: [(start: Instant, end: Instant)]
    }

    private struct Stretch {
        var start: Instant
        var end: Instant
        var type: FreeBusy.BusyType?
    }

    /// Starts gathering for the range `[start, end)`.
    init(from start: Instant, to end: Instant) {
        self.start = start
        self.end = end
    }

    /// Adds the components of a value of `CALDAV:calendar-availability`; one that cannot be read says nothing.
    mutating func add(_ text: String, _ zones: ZoneResolver) {
        do { add(try CalendarParser.parse(Array(text.utf8)), zones) } catch { return }
    }

    /// Adds the components of a calendar, whose times without a zone are in the default zone of `zones`.
    mutating func add(_ calendar: Component, _ zones: ZoneResolver) {
        let components = calendar.components("VAVAILABILITY")
        // Nearly all calendars have none: then their zones need not be understood.
        guard !components.isEmpty else { return }
        let known = zones.zones(of: calendar)
        for component in components {
            let from = component.property("DTSTART").flatMap { DateTimeValue($0) }.map(known.instant) ?? start
            let to = Self.end(of: component, known) ?? end
            let range = (start: max(from, start), end: min(to, end))
            guard range.start < range.end else { continue }
            var available: [(start: Instant, end: Instant)] = []
            let set = RecurrenceSet(component.components("AVAILABLE"), zones: known)
            var instances = set.instances(overlapping: TimeRange(start: range.start, end: range.end))
            while let instance = instances.next() {
                available.append((max(instance.start, range.start), min(instance.end, range.end)))
            }
            parts.append(
                Part(
                    rank: Self.rank(component), type: Self.type(of: component), start: range.start,
                    end: range.end, available: available))
        }
    }

    /// The times within the range that are not available.
    var unavailable: [FreeBusy.BusyPeriod] {
        var stretches = [Stretch(start: start, end: end, type: nil)]
        // RFC 7953 §4.2: one of higher priority, which is a lower number but 0, covers those below it.
        for part in parts.sorted(by: { $0.rank > $1.rank }) {
            Self.paint(part.type, part.start, part.end, on: &stretches)
            for available in part.available {
                Self.paint(nil, available.start, available.end, on: &stretches)
            }
        }
        return stretches.compactMap { stretch in
            stretch.type.map { FreeBusy.BusyPeriod(type: $0, start: stretch.start, end: stretch.end) }
        }
    }

    private static func rank(_ component: Component) -> Int {
        let priority = component.property("PRIORITY").flatMap { Int($0.value.trimmingBlanks) } ?? 0
        return priority == 0 ? 10 : priority
    }

    private static func end(of component: Component, _ zones: CalendarZones) -> Instant? {
        if let end = component.property("DTEND").flatMap({ DateTimeValue($0) }) { return zones.instant(end) }
        guard let start = component.property("DTSTART").flatMap({ DateTimeValue($0) }),
            let duration = component.property("DURATION").flatMap({ ICalendarDuration($0) })
        else { return nil }
        return zones.instant(start, adding: duration)
    }

    /// RFC 7953 §3.2: `BUSY-UNAVAILABLE` unless said otherwise.
    private static func type(of component: Component) -> FreeBusy.BusyType {
        let name = component.property("BUSYTYPE")?.value.trimmingBlanks ?? ""
        return FreeBusy.BusyType.allCases.first { name.isName($0.rawValue) } ?? .busyUnavailable
    }

    private static func paint(
        _ type: FreeBusy.BusyType?, _ from: Instant, _ to: Instant, on stretches: inout [Stretch]
    ) {
        guard from < to else { return }
        stretches = stretches.flatMap { stretch -> [Stretch] in
            guard stretch.start < to, from < stretch.end else { return [stretch] }
            let parts = [
                Stretch(start: stretch.start, end: from, type: stretch.type),
                Stretch(start: max(stretch.start, from), end: min(stretch.end, to), type: type),
                Stretch(start: to, end: stretch.end, type: stretch.type),
            ]
            return parts.filter { $0.start < $0.end }
        }
    }
}

extension CalendarServices {
    /// Adds what the owner of a calendar, inbox or home has set there as their availability.
    func add(availabilityOf container: ContainerView, to availability: inout Availability) {
        guard let text = container.metadata[.availability] else { return }
        zones.defaultZone = floatingZone(of: container)
        availability.add(text, zones)
    }
}
