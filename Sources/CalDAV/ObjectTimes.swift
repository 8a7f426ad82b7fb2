import ContentLine
import ICalendar

/// When a calendar object is, worked out only as far as a filter asks (RFC 4791 §9.9).
final class ObjectTimes {
    /// The object.
    let calendar: Component
    private let limits: RecurrenceLimits
    private let gather: () -> RecurrenceSet
    private lazy var instances = gather()

    /// Looks at an object; times without a zone are in the default zone of `zones`.
    init(_ calendar: Component, zones: ZoneResolver, limits: RecurrenceLimits = RecurrenceLimits()) {
        self.calendar = calendar
        self.limits = limits
        self.gather = { RecurrenceSet(calendar, zones: zones, limits: limits) }
    }

    /// Looks at a stored object.
    init(_ object: StoredCalendar) {
        self.calendar = object.calendar
        self.limits = object.limits
        self.gather = { object.recurrences }
    }

    /// Whether an instance of any component overlaps `range`.
    func overlaps(_ range: TimeRange) -> Bool {
        Set(calendar.components.lazy.map { $0.name.uppercased() }).contains {
            instances.overlaps(range, componentsNamed: $0)
        }
    }

    /// Whether an instance of one of `candidates` overlaps `range`; they are called `name`, as others may be too.
    func overlaps(_ candidates: [Int], named name: String, _ range: TimeRange) -> Bool {
        guard !candidates.isEmpty else { return false }
        // The first instance found is enough where it does not matter which component it is of.
        guard candidates.count < calendar.components.count(where: { $0.isNamed(name) }) else {
            return instances.overlaps(range, componentsNamed: name)
        }
        return !instances.overlappingComponents(range).isDisjoint(with: candidates)
    }

    /// Whether a component within the one at `index`, an alarm or available time, overlaps `range`.
    func overlaps(_ part: Component, ofComponentAt index: Int, _ range: TimeRange) -> Bool {
        guard !part.isNamed("VALARM") else {
            return instances.overlaps(range, alarm: part, ofComponentAt: index)
        }
        // RFC 7953 §3.1: the available times of one VAVAILABILITY recur by themselves.
        let siblings = calendar.components[index].components
        let set = RecurrenceSet(siblings, zones: instances.zones, limits: limits)
        return set.overlappingComponents(range).contains { siblings[$0] == part }
    }

    /// The instant of a property with one value.
    func instant(of property: ContentLine) -> Instant? {
        DateTimeValue(property).map(instances.zones.instant)
    }

    /// Where the component at `index` ends, when it has a duration in place of the end called `name` (RFC 4791 §9.9).
    func effectiveEnd(_ name: String, ofComponentAt index: Int) -> Instant? {
        let component = calendar.components[index]
        guard component.isNamed("VEVENT") ? name == "DTEND" : component.isNamed("VTODO") && name == "DUE",
            component.property(name) == nil, component.property("DURATION") != nil
        else { return nil }
        return instances.effectiveEnd(ofComponentAt: index)
    }
}

extension TimeRange {
    /// Whether an instant is within (RFC 4791 §9.9).
    func contains(_ instant: Instant) -> Bool {
        (start.map { $0 <= instant } ?? true) && (end.map { instant < $0 } ?? true)
    }
}
