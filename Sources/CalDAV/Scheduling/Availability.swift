import ContentLine
import ICalendar

/// When somebody cannot be met, by the `VAVAILABILITY` components that they have set (RFC 7953 §4).
struct Availability {
    private let calendar: Component?
    private let zones: ZoneResolver

    /// Reads the value of `CALDAV:calendar-availability`; one that cannot be read says nothing.
    init(_ text: String, _ zones: ZoneResolver) {
        self.zones = zones
        do { calendar = try CalendarParser.parse(Array(text.utf8)) } catch { calendar = nil }
    }

    private struct Stretch {
        var start: Instant
        var end: Instant
        var type: FreeBusy.BusyType?
    }

    /// The times within a range that are not available.
    func unavailable(from start: Instant, to end: Instant) -> [FreeBusy.BusyPeriod] {
        guard let calendar else { return [] }
        let known = zones.zones(of: calendar)
        var stretches = [Stretch(start: start, end: end, type: nil)]
        // RFC 7953 §4.2: one of higher priority, which is a lower number but 0, covers those below it.
        let components = calendar.components("VAVAILABILITY").sorted { Self.rank($0) > Self.rank($1) }
        for component in components {
            let from = component.property("DTSTART").flatMap { DateTimeValue($0) }.map(known.instant) ?? start
            let to = Self.end(of: component, known) ?? end
            let type = Self.type(of: component)
            guard max(from, start) < min(to, end) else { continue }
            paint(type, max(from, start), min(to, end), on: &stretches)
            let set = RecurrenceSet(component.components("AVAILABLE"), zones: known)
            var instances = set.instances(overlapping: TimeRange(start: max(from, start), end: min(to, end)))
            while let instance = instances.next() {
                paint(
                    nil, max(instance.start, from, start), min(instance.end, to, end), on: &stretches)
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

    private func paint(
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
