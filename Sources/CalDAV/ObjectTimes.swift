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

    /// Whether the start or the end of an instance of the component at `index` is within `range`, as far as `name` is a
    /// property that each instance has a value of its own for; else nil (RFC 4791 §9.9).
    ///
    /// What has no end but a duration has an effective end.
    func hasInstance(with name: String, in range: TimeRange, ofComponentAt index: Int) -> Bool? {
        let component = calendar.components[index]
        let isEnd = name == (component.isNamed("VTODO") ? "DUE" : "DTEND")
        guard isEnd || name == "DTSTART" else { return nil }
        if component.property(name) == nil {
            guard isEnd, component.property("DTSTART") != nil, component.property("DURATION") != nil else {
                return nil
            }
        } else if !component.hasInstances {
            return nil
        }
        return instances.hasInstance(ofComponentAt: index, isEnd ? \.end : \.start, in: range)
    }
}

extension Component {
    /// Whether it may have other instances than the one at its own start.
    fileprivate var hasInstances: Bool {
        properties.contains { property in
            property.isNamed("RRULE") || property.isNamed("RDATE") || property.isNamed("EXDATE")
                || property.isNamed("RECURRENCE-ID") && property.parameter("RANGE") != nil
        }
    }
}
