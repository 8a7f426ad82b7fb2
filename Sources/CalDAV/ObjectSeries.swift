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
    /// Where the rule ends, on about the clock of the instances; nil without UNTIL.
    private let until: Int?
    private let starts: SeriesStarts
    /// Where the value of `RRULE` is.
    private let rule: Range<Int>

    private static let day = 86400
    /// Instances of a range that are looked at.
    private static let most = 64

    private enum Flag {
        static let isDate: UInt8 = 1
        static let isUTC: UInt8 = 2
        static let hasExceptions: UInt8 = 4
        static let hasUntil: UInt8 = 8
    }

    /// What a record tells of the recurrences of `members`; nothing of anything else than one event with one rule.
    static func bytes(of members: [Component]) -> [UInt8] {
        guard members.count == 1, let event = members.first, event.isNamed("VEVENT"),
            event.property("RDATE") == nil, event.property("EXRULE") == nil,
            event.property("RECURRENCE-ID") == nil, event.properties("RRULE").count == 1,
            event.properties("DTSTART").count == 1, let line = event.property("RRULE"),
            let start = event.property("DTSTART").flatMap({ DateTimeValue($0) }),
            let length = length(of: event, start)
        else { return [] }
        let value = Array(line.value.utf8)
        let first = start.local.secondsSinceEpoch
        guard let rule = parsed(value) else { return [] }
        var flags: UInt8 = 0
        if start.isDate { flags |= Flag.isDate }
        if start.isUTC { flags |= Flag.isUTC }
        if event.property("EXDATE") != nil { flags |= Flag.hasExceptions }
        if rule.until != nil { flags |= Flag.hasUntil }
        var fields = FieldWriter()
        fields.add(byte: flags)
        fields.add(number: first)
        fields.add(number: length)
        if let until = rule.until { fields.add(number: until.local.secondsSinceEpoch) }
        SeriesStarts.write(rule, first: first, isDate: start.isDate, to: &fields)
        fields.add(bytes: value)
        return fields.bytes
    }

    /// How long an instance lasts, nil where that depends on the instance.
    private static func length(of event: Component, _ start: DateTimeValue) -> Int? {
        let least = start.isDate ? day : 0
        if let line = event.property("DTEND") {
            // Ends on another clock are farther off.
            guard let end = DateTimeValue(line), event.property("DURATION") == nil,
                end.isDate == start.isDate,
                end.isUTC == start.isUTC, end.tzid == start.tzid
            else { return nil }
            return max(least, end.local.secondsSinceEpoch - start.local.secondsSinceEpoch)
        }
        guard let line = event.property("DURATION") else { return least }
        return ICalendarDuration(line).map { $0.isNegative ? 0 : $0.nominalSeconds }
    }

    /// Reads what `bytes` made; nil when that is nothing.
    init?(_ bytes: Range<Int>, in record: Span<UInt8>) {
        guard !bytes.isEmpty else { return nil }
        var fields = FieldReader(bytes)
        let flags = fields.byte(record)
        self.isDate = flags & Flag.isDate != 0
        self.isUTC = flags & Flag.isUTC != 0
        self.hasExceptions = flags & Flag.hasExceptions != 0
        self.first = fields.number(record)
        self.length = fields.number(record)
        self.until = flags & Flag.hasUntil != 0 ? fields.number(record) : nil
        self.starts = SeriesStarts(&fields, in: record)
        self.rule = fields.field(record)
        if fields.isDamaged { return nil }
    }

    /// Whether an instance overlaps the time from `from` to `to`, as far as that can be told (RFC 4791 §9.9).
    func answer(from: Int, to: Int, in record: Span<UInt8>) -> RecordAnswer {
        guard from > Int.min / 2 else { return .unknown }
        var search = SeriesSearch(from: from, to: to, length: length, slack: isUTC ? 0 : Self.day)
        search.isNeverSure = hasExceptions
        search.until = until
        search.first = first
        var times = starts.iterator(from: first, notBefore: search.earliest)
        for _ in 0..<Self.most {
            guard let start = times.next(in: record) else {
                return times.isComplete ? search.answer : answer(&search, in: record)
            }
            if search.isOver(afterStart: start) { return search.answer }
        }
        return .unknown
    }

    /// The answer by the rule itself, where the list of its instances ends too early.
    private func answer(_ search: inout SeriesSearch, in record: Span<UInt8>) -> RecordAnswer {
        guard let rule = Self.parsed(rule.map { record[$0] }) else { return .unknown }
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

    /// Calls `body` with start and end of the instances between `from` and `to`; false when they are not known to the
    /// second, also after some calls.
    func forEachExact(
        from: Int, to: Int, in record: Span<UInt8>, _ body: (_ start: Int, _ end: Int) -> Void
    ) -> Bool {
        guard isUTC, !hasExceptions, until == nil else { return false }
        var times = starts.iterator(from: first, notBefore: from - length)
        for _ in 0..<1000 {
            guard let start = times.next(in: record) else { return times.isComplete }
            guard start < to else { return true }
            body(start, start + length)
        }
        return false
    }

    private static func parsed(_ rule: [UInt8]) -> RecurrenceRule? {
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

extension DateTimeValue {
    /// Whether it is a time in UTC.
    var isUTC: Bool {
        if case .utc = self { true } else { false }
    }
}
