import ICalendar
import Index
import Testing

@testable import CalDAV

@Suite("Spans against instances") struct SpanAgreementTests {
    private static func zone(_ offset: String) -> String {
        """
        BEGIN:VTIMEZONE
        TZID:Far
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:\(offset)
        TZOFFSETTO:\(offset)
        END:STANDARD
        END:VTIMEZONE

        """
    }

    @Test(arguments: ["-1200", "+0000", "+1400"])
    func `what a span says of an object is so, in any zone`(_ offset: String) throws {
        var numbers = SeededObjects(state: 20_260_105)
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone(offset))))
        var decided = 0
        for _ in 0..<3000 {
            let lines = numbers.component()
            let object = try calendar(Self.zone(offset) + lines)
            let start = Int64(1_767_225_600 + numbers.below(14 * 24) * 3600 - 2 * 86400)
            let range = TimeRange(
                start: Instant(secondsSinceEpoch: start),
                end: Instant(secondsSinceEpoch: start + Int64(1 + numbers.below(96)) * 3600))
            let record = ObjectRecord.bytes(of: object)
            let answer = ObjectRecord(record.span).answer(on: range, in: record.span)
            let overlaps = ObjectTimes(object, zones: zones).overlaps(range)
            if answer != .unknown { decided += 1 }
            #expect(answer != .yes || overlaps, "\(lines) \(range)")
            #expect(answer != .no || !overlaps, "\(lines) \(range)")
        }
        #expect(decided > 1000)
    }

    private static let rules = [
        "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=SU;COUNT=200",
        "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;COUNT=300", "FREQ=DAILY;UNTIL=20290301T000000Z",
        "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=40", "FREQ=YEARLY;INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270601",
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=WEEKLY;BYDAY=TU,SA;INTERVAL=3", "FREQ=DAILY;INTERVAL=11;COUNT=131", "FREQ=DAILY;BYMONTH=1,7",
    ]

    /// A series that began in 2026, and a range in the twelve years after.
    private static func series(_ numbers: inout SeededObjects) -> (lines: String, range: TimeRange) {
        let form = numbers.one(of: ["date", "utc", "utc", "zoned", "floating"])
        var lines = ["BEGIN:VEVENT", "UID:1", "DTSTART\(numbers.time(form))"]
        if numbers.below(2) == 0 { lines.append("DURATION:\(numbers.one(of: ["P1D", "P3D"]))") }
        if form != "date", numbers.below(2) == 0 { lines[lines.count - 1] = "DTSTART\(numbers.time(form))" }
        lines.append("RRULE:\(numbers.one(of: rules))")
        if numbers.below(4) == 0 { lines.append("STATUS:TENTATIVE") }
        if numbers.below(5) == 0 { lines.append("TRANSP:TRANSPARENT") }
        if numbers.below(6) == 0 { lines.append("EXDATE\(numbers.time(form))") }
        lines.append("END:VEVENT")
        let start = Int64(1_767_225_600 + numbers.below(12 * 365 * 24) * 3600)
        let range = TimeRange(
            start: Instant(secondsSinceEpoch: start),
            end: Instant(secondsSinceEpoch: start + Int64(1 + numbers.below(900)) * 3600))
        return (lines.joined(separator: "\n"), range)
    }

    @Test func `what the list of a rule's instances says is so, years later too`() throws {
        var numbers = SeededObjects(state: 12)
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone("+0900"))))
        var decided = 0
        for _ in 0..<2000 {
            let (lines, range) = Self.series(&numbers)
            let object = try calendar(Self.zone("+0900") + lines)
            let record = ObjectRecord.bytes(of: object)
            let answer = ObjectRecord(record.span).answer(on: range, in: record.span)
            let overlaps = ObjectTimes(object, zones: zones).overlaps(range)
            if answer != .unknown { decided += 1 }
            #expect(answer != .yes || overlaps, "\(lines) \(range)")
            #expect(answer != .no || !overlaps, "\(lines) \(range)")
        }
        #expect(decided > 1300)
    }

    @Test func `the time that a record says an event takes up is what the event takes up`() throws {
        var numbers = SeededObjects(state: 77)
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone("-0500"))))
        var (told, busy) = (0, 0)
        for number in 0..<3000 {
            var (lines, range) = Self.series(&numbers)
            if number % 2 == 0 {
                lines = numbers.component()
                range = numbers.range()
            }
            guard let start = range.start, let end = range.end else { continue }
            let object = try calendar(Self.zone("-0500") + lines)
            var (expected, found) = (FreeBusy(start: start, end: end), FreeBusy(start: start, end: end))
            try expected.add(object, zones: zones)
            let record = ObjectRecord.bytes(of: object)
            guard ObjectRecord(record.span).add(to: &found, in: range, record.span) else { continue }
            told += 1
            if !expected.periods.isEmpty { busy += 1 }
            #expect(found.periods == expected.periods, "\(lines) \(range)")
        }
        #expect(told > 1000 && busy > 20)
    }
}
