import ContentLine
import ICalendar
import Index

/// The recurrences of an event with one rule, worked out for a range without the event and without its time zone.
///
/// Times are those of the clock of `DTSTART`, and off by as much as a zone can be; what that leaves open, the event
/// itself must answer.
struct ObjectSeries {
    /// Where the first instance starts, in seconds since 1970 on its clock.
    private let first: Int
    private let length: Int
    private let isDate: Bool
    /// Whether the times are in UTC.
    private let isUTC: Bool
    /// Whether some instances may be left out.
    private let hasExceptions: Bool
    /// The value of `RRULE`.
    private let rule: ArraySlice<UInt8>
    /// The seconds from each instance to the next on the clock, 0 when they differ.
    private let step: Int
    /// Instances where `step` is not 0, 0 for no end.
    private let count: Int

    private static let day = 86400
    /// Instances of a range that are looked at.
    private static let most = 64

    /// Nil for anything else than one event with one rule.
    init?(_ members: [Component]) {
        guard members.count == 1, let event = members.first, event.isNamed("VEVENT"),
            event.property("RDATE") == nil, event.property("EXRULE") == nil,
            event.property("RECURRENCE-ID") == nil, event.properties("RRULE").count == 1,
            event.properties("DTSTART").count == 1, let rule = event.property("RRULE"),
            let start = event.property("DTSTART").flatMap({ DateTimeValue($0) })
        else { return nil }
        var length = start.isDate ? Self.day : 0
        if let line = event.property("DTEND") {
            // Ends on another clock are farther off.
            guard let end = DateTimeValue(line), event.property("DURATION") == nil,
                end.isDate == start.isDate,
                end.isUTC == start.isUTC, end.tzid == start.tzid
            else { return nil }
            length = max(length, end.local.secondsSinceEpoch - start.local.secondsSinceEpoch)
        } else if let line = event.property("DURATION") {
            guard let duration = ICalendarDuration(line) else { return nil }
            length = duration.isNegative ? 0 : duration.nominalSeconds
        }
        self.first = start.local.secondsSinceEpoch
        self.length = length
        self.isDate = start.isDate
        self.isUTC = start.isUTC
        self.hasExceptions = event.property("EXDATE") != nil
        self.rule = Array(rule.value.utf8)[...]
        let regular = Self.parsed(self.rule).flatMap(\.regularStep)
        self.step = regular ?? 0
        self.count = regular == nil ? 0 : Self.parsed(self.rule)?.count ?? 0
    }

    /// Reads what `write` wrote.
    init?(_ fields: inout FieldReader) {
        let flags = fields.byte()
        self.isDate = flags & 1 != 0
        self.isUTC = flags & 2 != 0
        self.hasExceptions = flags & 4 != 0
        self.first = fields.number()
        self.length = fields.number()
        self.rule = fields.field()
        self.step = fields.number()
        self.count = fields.number()
        if fields.isDamaged { return nil }
    }

    /// Appends it to a record.
    func write(to fields: inout FieldWriter) {
        fields.add(byte: (isDate ? 1 : 0) | (isUTC ? 2 : 0) | (hasExceptions ? 4 : 0))
        fields.add(number: first)
        fields.add(number: length)
        fields.add(bytes: rule)
        fields.add(number: step)
        fields.add(number: count)
    }

    /// Whether an instance overlaps the time from `from` to `to`, as far as that can be told (RFC 4791 §9.9).
    func answer(from: Int, to: Int) -> RecordAnswer {
        guard from > Int.min / 2 else { return .unknown }
        var search = SeriesSearch(from: from, to: to, length: length, slack: isUTC ? 0 : Self.day)
        search.isNeverSure = hasExceptions
        if step > 0 {
            let missed = max(0, (search.earliest - first) / step)
            for number in missed..<missed + Self.most {
                guard count == 0 || number < count else { return search.answer }
                if search.isOver(afterStart: first + number * step) { return search.answer }
            }
            return .unknown
        }
        guard let rule = Self.parsed(rule) else { return .unknown }
        search.until = rule.until?.local.secondsSinceEpoch
        search.first = first
        var expansion = RecurrenceExpansion(
            rule, start: CivilDateTime(secondsSinceEpoch: first), isDate: isDate,
            notBefore: CivilDateTime(secondsSinceEpoch: search.earliest), maxSteps: 1000)
        for _ in 0..<Self.most {
            guard let start = expansion.next()?.secondsSinceEpoch else {
                return expansion.gaveUp ? .unknown : search.answer
            }
            if search.isOver(afterStart: start) { return search.answer }
        }
        return .unknown
    }

    private static func parsed(_ rule: ArraySlice<UInt8>) -> RecurrenceRule? {
        do {
            return try RecurrenceRule(rule)
        } catch {
            return nil
        }
    }
}

/// A look at instances one after the other, of which is only known about when they are.
private struct SeriesSearch {
    let from: Int
    let to: Int
    let length: Int
    /// How far a start may be off; an end depends on three differences from UTC.
    let slack: Int
    /// Whether any instance may be left out.
    var isNeverSure = false
    /// Where the rule ends, on about the clock of the instances.
    var until: Int?
    /// The first instance, which is one also where the rule ends before it.
    var first: Int?
    private(set) var answer = RecordAnswer.no

    init(from: Int, to: Int, length: Int, slack: Int) {
        (self.from, self.to, self.length, self.slack) = (from, to, length, slack)
    }

    /// No instance that starts before overlaps.
    var earliest: Int { from - length - 3 * slack }

    /// Looks at an instance; true when those after it change nothing.
    mutating func isOver(afterStart start: Int) -> Bool {
        if let until, start != first, start > until + 2 * 86400 { return true }
        guard start - slack < to else { return true }
        let end = start + length
        guard end + 3 * slack >= from else { return false }
        let isSure = to > start + slack && (from <= start - slack || from < end - 3 * slack)
        if isSure, !isNeverSure, until.map({ start == first || start <= $0 - 2 * 86400 }) ?? true {
            answer = .yes
            return true
        }
        answer = .unknown
        return false
    }
}

extension RecurrenceRule {
    /// The seconds from each instance to the next on the clock of the first; nil where they differ, or UNTIL ends them.
    fileprivate var regularStep: Int? {
        let parts = [bySecond, byMinute, byHour, byMonthDay, byYearDay, byWeekNumber, byMonth, bySetPosition]
        guard until == nil, byDay.isEmpty, parts.allSatisfy(\.isEmpty), interval > 0, interval < 10_000 else {
            return nil
        }
        switch frequency {
        case .daily: return 86400 * interval
        case .weekly: return 7 * 86400 * interval
        case .secondly, .minutely, .hourly, .monthly, .yearly: return nil
        }
    }
}

extension DateTimeValue {
    /// Whether it is a time in UTC.
    var isUTC: Bool {
        if case .utc = self { true } else { false }
    }
}
