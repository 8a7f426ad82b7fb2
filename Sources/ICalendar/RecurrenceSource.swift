internal import ContentLine

/// What makes a component recur, read once: `DTSTART`, `RRULE`, `RDATE`, `EXRULE` and `EXDATE`
/// (RFC 5545 §3.8.5).
struct RecurrenceSource {
    /// The first start.
    let start: DateTimeValue
    let zones: CalendarZones
    /// The zone `start` is read in.
    let zone: TimeZoneDefinition
    private(set) var rules: [RecurrenceRule] = []
    private(set) var exceptionRules: [RecurrenceRule] = []
    /// The values of RDATE in order.
    private(set) var dates: [Occurrence] = []
    private(set) var excludedInstants: Set<Instant> = []
    /// Days of the clock of `start` on which nothing starts.
    private(set) var excludedDays: Set<CivilDate> = []
    /// Whether a rule or date could not be read.
    private(set) var hasUnreadableParts = false

    init(_ component: Component, start: DateTimeValue, zones: CalendarZones) {
        self.start = start
        self.zones = zones
        zone = zones.zone(of: start)
        for property in component.properties {
            if property.isNamed("RRULE") {
                add(property, to: \.rules)
            } else if property.isNamed("EXRULE") {
                add(property, to: \.exceptionRules)
            } else if property.isNamed("RDATE") {
                addDates(property)
            } else if property.isNamed("EXDATE") {
                addExceptions(property)
            }
        }
        dates.sort { $0.start < $1.start }
    }

    /// RFC 5545 §3.8.5.3: there should be one rule; more than a few are no one's calendar.
    private static let maxRules = 50

    /// Whether there is more than one start.
    var isRecurring: Bool { !rules.isEmpty || !dates.isEmpty }

    /// Whether the occurrences never end.
    var isInfinite: Bool { rules.contains { $0.isInfinite } }

    /// The instant of a value that names an instance or an exception.
    ///
    /// A local time without a zone is read on the clock of `start`: programs leave the zone out. A date stands
    /// for the time of day of `start`.
    func instant(naming value: DateTimeValue) -> Instant {
        switch value {
        case .date(let date):
            zone.instant(ofLocal: CivilDateTime(date).adding(seconds: start.local.secondOfDay))
        case .floating(let local): zone.instant(ofLocal: local)
        case .utc, .zoned:
            // Whole days are named by a date; a time on that day is tolerated.
            start.isDate ? zone.instant(ofLocal: CivilDateTime(value.local.date)) : zones.instant(value)
        }
    }

    private mutating func add(
        _ line: ContentLine, to rules: WritableKeyPath<RecurrenceSource, [RecurrenceRule]>
    ) {
        guard self[keyPath: rules].count < Self.maxRules else {
            hasUnreadableParts = true
            return
        }
        do {
            self[keyPath: rules].append(try RecurrenceRule(line))
        } catch {
            hasUnreadableParts = true
        }
    }

    private mutating func addDates(_ line: ContentLine) {
        guard let values = RecurrenceDate.list(line) else {
            hasUnreadableParts = true
            return
        }
        for value in values {
            // A date among times stands for the time of day of `DTSTART`.
            let instant = value.start.isDate ? instant(naming: value.start) : zones.instant(value.start)
            var occurrence = Occurrence(id: zones.value(at: instant, like: start), start: instant)
            if case .period(let period) = value {
                switch period.end {
                case .at(let end): occurrence.end = zones.instant(end)
                case .after(let duration): occurrence.end = zones.instant(period.start, adding: duration)
                }
            }
            dates.append(occurrence)
        }
    }

    private mutating func addExceptions(_ line: ContentLine) {
        guard let values = DateTimeValue.list(line) else {
            hasUnreadableParts = true
            return
        }
        for value in values {
            if case .date(let date) = value, !start.isDate {
                excludedDays.insert(date)
            } else {
                excludedInstants.insert(instant(naming: value))
            }
        }
    }
}

/// A start of a recurring component, before overrides.
struct Occurrence {
    /// The start in the form of `DTSTART`, as a `RECURRENCE-ID` names it.
    let id: DateTimeValue
    let start: Instant
    /// Where it ends, if an `RDATE` says so.
    var end: Instant?
}
