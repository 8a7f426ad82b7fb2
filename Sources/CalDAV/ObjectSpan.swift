import ContentLine
import ICalendar
import Index

/// From when to when a calendar object can be, whatever the time zones are.
///
/// A query looks at it first: of a thousand objects only those few are read that can be in the range at all.
/// Times that are not in UTC are taken for UTC, and may be up to `slack` off.
struct ObjectSpan: Hashable {
    /// Where the first instance starts, in seconds since 1970.
    private(set) var start = Int.min
    /// Where the last instance ends.
    private(set) var end = Int.max
    /// How far both may be off, in seconds; always together.
    private(set) var slack = 0
    /// Whether the object is a single event that lasts from `start` to `end`, and not only somewhere between.
    private(set) var isExact = false

    /// More than any time zone differs from UTC (RFC 5545 §3.3.14).
    private static let zoneSlack = 86400
    /// Instances of a rule with COUNT that are looked at to find the last one.
    private static let maxCount = 1000

    /// The span of objects of which nothing is known: all time.
    static let unbounded = ObjectSpan()

    /// Works out the span of the members of one object.
    init(_ members: [Component]) {
        var whole: ObjectSpan?
        for member in members {
            // An override of RANGE=THISANDFUTURE moves instances of the master.
            guard member.property("RECURRENCE-ID")?.parameter("RANGE") == nil,
                let span = ObjectSpan(member)
            else { return }
            whole = whole?.union(span) ?? span
        }
        if let whole { self = whole }
    }

    /// A span as it was worked out before.
    init(start: Int, end: Int, slack: Int, isExact: Bool) {
        self.start = start
        self.end = end
        self.slack = slack
        self.isExact = isExact
    }

    private init() {}

    /// The span of one component with its recurrences, nil when it may be at any time.
    private init?(_ component: Component) {
        guard component.isNamed("VEVENT") || component.isNamed("VTODO") else { return nil }
        var first = component.property("DTSTART").flatMap { DateTimeValue($0) }
        let last = component.property(component.isNamed("VEVENT") ? "DTEND" : "DUE")
            .flatMap { DateTimeValue($0) }
        // RFC 4791 §9.9: a to-do without either is at all times, or when it was made or done.
        if component.isNamed("VTODO"), first == nil { first = last }
        guard let first else { return nil }
        let start = first.local.secondsSinceEpoch
        self.start = start
        var end = last?.local.secondsSinceEpoch ?? start
        var hasDuration = false
        if let duration = component.property("DURATION").flatMap({ ICalendarDuration($0) }) {
            end = Swift.max(end, start + duration.nominalSeconds)
            hasDuration = true
        }
        // RFC 5545 §3.6.1: a whole day lasts a day, even where its end is not after its start.
        if first.isDate { end = Swift.max(end, start + 86400) }
        // A day with a length of its own, or an end of another form, is within the day or beyond it.
        isExact =
            component.isNamed("VEVENT") && end >= start && !(hasDuration && (last != nil || first.isDate))
            && last.map { $0.isDate == first.isDate } ?? true
        self.end = Swift.max(start, end)
        slack = [first, last].contains { $0.map { !$0.isUTC } ?? false } ? Self.zoneSlack : 0
        self.start = Swift.min(start, end)
        guard addRecurrences(of: component, first: first) else { return nil }
    }

    /// Widens the span by the recurrences of the component; false when they cannot be read.
    private mutating func addRecurrences(of component: Component, first: DateTimeValue) -> Bool {
        let length = end - start
        for property in component.properties {
            if property.isNamed("RECURRENCE-ID") || property.isNamed("EXDATE") {
                isExact = false
            } else if property.isNamed("RDATE") {
                guard let dates = RecurrenceDate.list(property) else { return false }
                for date in dates { include(date, length: length) }
            } else if property.isNamed("RRULE") {
                isExact = false
                guard let rule = Self.rule(property) else { return false }
                guard let last = Self.lastStart(of: rule, first: first) else {
                    end = Int.max
                    continue
                }
                end = Swift.max(end, last + length)
                slack = Self.zoneSlack
            }
        }
        return true
    }

    private mutating func include(_ date: RecurrenceDate, length: Int) {
        isExact = false
        slack = Self.zoneSlack
        let from = date.start.local.secondsSinceEpoch
        var to = from + length
        if case .period(let period) = date {
            switch period.end {
            case .at(let value): to = value.local.secondsSinceEpoch
            case .after(let duration): to = from + duration.nominalSeconds
            }
        }
        start = Swift.min(start, from)
        end = Swift.max(end, to)
    }

    private static func rule(_ property: ContentLine) -> RecurrenceRule? {
        do {
            return try RecurrenceRule(property)
        } catch {
            return nil
        }
    }

    /// Where the last instance of a rule starts, nil when there is none or finding it would take long.
    private static func lastStart(of rule: RecurrenceRule, first: DateTimeValue) -> Int? {
        if let until = rule.until { return until.local.secondsSinceEpoch + 86400 }
        guard let count = rule.count, count <= maxCount else { return nil }
        var expansion = RecurrenceExpansion(
            rule, start: first.local, isDate: first.isDate, maxSteps: maxCount)
        var last = first.local
        while let next = expansion.next() { last = next }
        return expansion.gaveUp ? nil : last.secondsSinceEpoch
    }

    /// The span of both; no longer that of a single event.
    private func union(_ other: ObjectSpan) -> ObjectSpan {
        var both = ObjectSpan()
        both.start = Swift.min(start, other.start)
        both.end = Swift.max(end, other.end)
        both.slack = Swift.max(slack, other.slack)
        return both
    }
}

extension ObjectSpan {
    /// The first and the last second at which the object can be.
    var bounds: (start: Int, end: Int) { (Self.shift(start, -slack), Self.shift(end, slack)) }

    /// Whether the object overlaps `range`, as far as the span tells (RFC 4791 §9.9).
    func answer(on range: TimeRange) -> RecordAnswer {
        let (from, to) = range.bounds
        // To-dos may touch the range at either end.
        guard bounds.end >= from, bounds.start <= to else { return .no }
        guard isExact else { return .unknown }
        // An event that overlaps when it is as early as it can be, and as late, overlaps wherever it is between.
        let overlaps = [-slack, slack].allSatisfy { shift in
            let (start, end) = (start + shift, end + shift)
            return to > start && (start < end ? from < end : from <= start)
        }
        if overlaps { return .yes }
        return slack == 0 ? .no : .unknown
    }

    private static func shift(_ seconds: Int, _ slack: Int) -> Int {
        seconds == Int.min || seconds == Int.max ? seconds : seconds + slack
    }
}

extension TimeRange {
    /// The ends in seconds since 1970, `Int.min` and `Int.max` where it has none.
    var bounds: (from: Int, to: Int) {
        (start.map { Int($0.secondsSinceEpoch) } ?? Int.min, end.map { Int($0.secondsSinceEpoch) } ?? Int.max)
    }
}
