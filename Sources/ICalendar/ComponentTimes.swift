internal import ContentLine

/// When one component is, apart from its recurrences: where it starts and how long it lasts (RFC 4791 §9.9).
struct ComponentTimes {
    /// How the end follows from the start.
    enum Length: Hashable {
        /// Exactly so many seconds, as `DTEND` or `DUE` gave it (RFC 5545 §3.8.5.3).
        case seconds(Int)
        /// A nominal length: `DURATION`, or days between two dates.
        case nominal(ICalendarDuration)
    }

    /// What decides whether a component overlaps a range (the tables of RFC 4791 §9.9).
    enum Rule {
        /// A `VEVENT`, a `VJOURNAL`, or an available time.
        case event
        /// A `VTODO` with `DTSTART` and `DURATION`.
        case todoWithDuration
        /// A `VTODO` with `DTSTART` and `DUE`.
        case todoWithDue
        /// A `VTODO` with `DTSTART` only.
        case todoWithStart
        /// A `VTODO` with `DUE` only, which is taken for its start and its end.
        case todoWithoutStart
    }

    /// `DTSTART`, or `DUE` of a to-do without it.
    let start: DateTimeValue
    let length: Length
    let rule: Rule

    /// Nil for a component without a start, or of a kind that has none.
    ///
    /// `fallback` is where an override starts that says neither where it starts nor, as a to-do, where it is due.
    init?(_ component: Component, zones: CalendarZones, fallback: DateTimeValue? = nil) {
        // It has no instances, and what it lacks of start and end is without bounds (RFC 7953 §3.1).
        guard !component.isNamed("VAVAILABILITY") else { return nil }
        let isTodo = component.isNamed("VTODO")
        let endName = isTodo ? "DUE" : "DTEND"
        let end = component.property(endName).flatMap { DateTimeValue($0) }
        let duration = component.property("DURATION").flatMap { ICalendarDuration($0) }
        let ownStart = component.property("DTSTART").flatMap { DateTimeValue($0) }
        if isTodo, ownStart == nil, let end {
            self.start = end
            length = .seconds(0)
            rule = .todoWithoutStart
            return
        }
        guard let start = ownStart ?? fallback else { return nil }
        self.start = start
        if let end, !component.isNamed("VJOURNAL") {
            if start.isDate, end.isDate {
                let days = end.local.date.daysSinceEpoch - start.local.date.daysSinceEpoch
                // An event of whole days that does not end after it starts is taken for one day.
                length = .nominal(ICalendarDuration(days: isTodo ? max(days, 0) : max(days, 1)))
            } else {
                length = .seconds(max(zones.instant(end) - zones.instant(start), 0))
            }
            rule = isTodo ? .todoWithDue : .event
        } else if let duration, !component.isNamed("VJOURNAL") {
            length = .nominal(duration.isNegative ? ICalendarDuration() : duration)
            rule = isTodo ? .todoWithDuration : .event
        } else {
            // RFC 5545 §3.6.1: an event without an end takes its day, or no time.
            length = start.isDate && !isTodo ? .nominal(ICalendarDuration(days: 1)) : .seconds(0)
            rule = isTodo ? .todoWithStart : .event
        }
    }

    /// Where an instance ends that starts at `start`, which is the instant of `value`.
    func end(of value: DateTimeValue, at start: Instant, zones: CalendarZones) -> Instant {
        switch length {
        case .seconds(let seconds): start + seconds
        case .nominal(let duration) where duration.days == 0: start + duration.seconds
        case .nominal(let duration): max(zones.instant(value, adding: duration), start)
        }
    }

    /// At least as long as any instance, clock changes included.
    var mostSeconds: Int {
        switch length {
        case .seconds(let seconds): seconds
        case .nominal(let duration): duration.nominalSeconds + 86400
        }
    }

    /// Whether an instance from `start` to `end` overlaps `range` (RFC 4791 §9.9).
    func overlaps(_ start: Instant, _ end: Instant, _ range: TimeRange) -> Bool {
        let from = range.start ?? .distantPast
        let to = range.end ?? .distantFuture
        switch rule {
        case .event: return to > start && (start < end ? from < end : from <= start)
        case .todoWithDuration: return from <= end && (to > start || to >= end)
        case .todoWithDue: return (from < end || from <= start) && (to > start || to >= end)
        case .todoWithStart: return from <= start && to > start
        case .todoWithoutStart: return from < end && to >= end
        }
    }
}

extension Instant {
    /// Before all instants a calendar can name.
    static let distantPast = Instant(secondsSinceEpoch: Int64.min / 2)
    /// After all instants a calendar can name.
    static let distantFuture = Instant(secondsSinceEpoch: Int64.max / 2)
}

extension Component {
    /// Whether a component without times of its own overlaps `range` (RFC 4791 §9.9): a to-do without `DTSTART` and `DUE`,
    /// a `VFREEBUSY`, or a `VAVAILABILITY`, whatever it has of a start and an end (RFC 7953 §7.2.1).
    func overlapsWithoutStart(_ range: TimeRange, zones: CalendarZones) -> Bool {
        let from = range.start ?? .distantPast
        let to = range.end ?? .distantFuture
        func instant(_ name: String) -> Instant? {
            property(name).flatMap { DateTimeValue($0) }.map(zones.instant)
        }
        if isNamed("VTODO") {
            switch (instant("CREATED"), instant("COMPLETED")) {
            case (let created?, let completed?):
                return (from <= created || from <= completed) && (to >= created || to >= completed)
            case (nil, let completed?): return from <= completed && to >= completed
            case (let created?, nil): return to > created
            case (nil, nil): return true
            }
        }
        if isNamed("VAVAILABILITY") {
            let start = property("DTSTART").flatMap { DateTimeValue($0) }
            var end = instant("DTEND")
            if end == nil, let start, let length = property("DURATION").flatMap({ ICalendarDuration($0) }) {
                end = zones.instant(start, adding: length)
            }
            return (end.map { from < $0 } ?? true) && (start.map { to > zones.instant($0) } ?? true)
        }
        guard isNamed("VFREEBUSY") else { return false }
        if let start = instant("DTSTART"), let end = instant("DTEND") { return from <= end && to > start }
        return properties("FREEBUSY").flatMap { Period.list($0) ?? [] }.contains { period in
            let span = zones.span(of: period)
            return from < span.end && to > span.start
        }
    }
}

extension CalendarZones {
    /// The instants between which a period lies.
    func span(of period: Period) -> (start: Instant, end: Instant) {
        let start = instant(period.start)
        switch period.end {
        case .at(let end): return (start, instant(end))
        case .after(let duration): return (start, instant(period.start, adding: duration))
        }
    }
}
