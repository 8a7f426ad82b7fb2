import ICalendar
import Testing

@testable import CalDAV

@Suite("Spans of objects") struct ObjectSpanTests {
    private func verdict(_ lines: String, _ start: String?, _ end: String?) throws -> CompFilter.Verdict {
        let range = TimeRange(
            start: start.flatMap { Instant($0.utf8) }, end: end.flatMap { Instant($0.utf8) })
        return ObjectSpan(try calendar(lines).components).verdict(on: range)
    }

    static let utc = "BEGIN:VEVENT\nDTSTART:20260105T100000Z\nDTEND:20260105T110000Z\nEND:VEVENT"
    static let zoned =
        "BEGIN:VEVENT\nDTSTART;TZID=A:20260105T100000\nDTEND;TZID=A:20260105T110000\nEND:VEVENT"
    static let day = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260105\nEND:VEVENT"

    @Test(
        arguments: [
            (utc, "20260105T090000Z", "20260105T100000Z", CompFilter.Verdict.differs),
            (utc, "20260105T090000Z", "20260105T100001Z", .matches),
            (utc, "20260105T110000Z", "20260105T120000Z", .differs),
            (utc, "20260105T105959Z", "20260105T120000Z", .matches),
            (
                "BEGIN:VEVENT\nDTSTART:20260105T100000Z\nEND:VEVENT", "20260105T100000Z", "20260105T110000Z",
                .matches
            ),
            (zoned, "20260101T000000Z", "20260201T000000Z", .matches),
            (zoned, "20260105T100000Z", "20260105T110000Z", .unknown),
            (zoned, "20260107T000000Z", "20260201T000000Z", .differs),
            (day, "20260101T000000Z", "20260201T000000Z", .matches),
            (day, "20260106T000000Z", "20260201T000000Z", .unknown),
            (day, "20260107T000001Z", "20260201T000000Z", .differs),
        ])
    func `a single event`(_ event: String, _ start: String, _ end: String, _ expected: CompFilter.Verdict)
        throws
    {
        #expect(try verdict(event, start, end) == expected)
    }

    @Test(
        arguments: [
            ("RRULE:FREQ=DAILY", String?.some("20300101T000000Z"), CompFilter.Verdict.unknown),
            ("RRULE:FREQ=DAILY", String?.none, .unknown),
            ("RRULE:FREQ=DAILY;COUNT=10", "20260114T110001Z", .unknown),
            ("RRULE:FREQ=DAILY;COUNT=10", "20260116T000000Z", .differs),
            ("RRULE:FREQ=DAILY;UNTIL=20260114T100000Z", "20260118T000000Z", .differs),
            ("RDATE:20260301T100000Z", "20260301T000000Z", .unknown),
            ("RDATE;VALUE=PERIOD:20260301T100000Z/P10D", "20260310T000000Z", .unknown),
            ("RDATE:20260301T100000Z", "20260303T000000Z", .differs),
            ("RRULE:nonsense", "20300101T000000Z", .unknown),
        ])
    func `a recurring event from a day on`(
        _ line: String, _ start: String?, _ expected: CompFilter.Verdict
    ) throws {
        let event = "BEGIN:VEVENT\nDTSTART:20260105T100000Z\nDTEND:20260105T110000Z\n\(line)\nEND:VEVENT"
        #expect(try verdict(event, start, nil) == expected)
        #expect(
            try verdict(event, nil, "20260103T000000Z") == (line == "RRULE:nonsense" ? .unknown : .differs))
    }

    @Test func `an override is part of the span`() throws {
        let moved =
            Self.utc + "\nBEGIN:VEVENT\nRECURRENCE-ID:20260105T100000Z\nDTSTART:20260301T100000Z\nEND:VEVENT"
        #expect(try verdict(moved, "20260228T000000Z", nil) == .unknown)
        #expect(try verdict(moved, "20260302T000000Z", nil) == .differs)
        let future =
            Self.utc
            + "\nBEGIN:VEVENT\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260105T100000Z\nDTSTART:20260301T100000Z\nEND:VEVENT"
        #expect(try verdict(future, "20300101T000000Z", nil) == .unknown)
    }

    @Test func `a to-do without dates may be at any time, and one with them touches the range`() throws {
        #expect(try verdict("BEGIN:VTODO\nUID:1\nEND:VTODO", "20300101T000000Z", nil) == .unknown)
        let due = "BEGIN:VTODO\nDUE:20260105T100000Z\nEND:VTODO"
        #expect(try verdict(due, "20260105T100000Z", nil) == .unknown)
        #expect(try verdict(due, "20260105T100001Z", nil) == .differs)
    }
}
