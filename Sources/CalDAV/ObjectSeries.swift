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
        if fields.isDamaged { return nil }
    }

    /// Appends it to a record.
    func write(to fields: inout FieldWriter) {
        fields.add(byte: (isDate ? 1 : 0) | (isUTC ? 2 : 0) | (hasExceptions ? 4 : 0))
        fields.add(number: first)
        fields.add(number: length)
        fields.add(bytes: rule)
    }

    /// Whether an instance overlaps the time from `from` to `to`, as far as that can be told (RFC 4791 §9.9).
    func answer(from: Int, to: Int) -> RecordAnswer {
        guard from > Int.min / 2, let rule = parsedRule else { return .unknown }
        let slack = isUTC ? 0 : Self.day
        // Where an instance ends depends on three differences from UTC.
        let endSlack = 3 * slack
        let last = rule.until?.local.secondsSinceEpoch
        var expansion = RecurrenceExpansion(
            rule, start: CivilDateTime(secondsSinceEpoch: first), isDate: isDate,
            notBefore: CivilDateTime(secondsSinceEpoch: from - length - endSlack), maxSteps: 1000)
        var answer = RecordAnswer.no
        for _ in 0..<Self.most {
            guard let start = expansion.next()?.secondsSinceEpoch else {
                return expansion.gaveUp ? .unknown : answer
            }
            // The first is one even where the rule ends before it.
            if let last, start != first, start > last + 2 * Self.day { return answer }
            guard start - slack < to else { return answer }
            let end = start + length
            guard end + endSlack >= from else { continue }
            let isSure = to > start + slack && (from <= start - slack || from < end - endSlack)
            if isSure, !hasExceptions, last.map({ start <= $0 - 2 * Self.day }) ?? true { return .yes }
            answer = .unknown
        }
        return .unknown
    }

    private var parsedRule: RecurrenceRule? {
        do {
            return try RecurrenceRule(rule)
        } catch {
            return nil
        }
    }
}

extension DateTimeValue {
    /// Whether it is a time in UTC.
    var isUTC: Bool {
        if case .utc = self { true } else { false }
    }
}
