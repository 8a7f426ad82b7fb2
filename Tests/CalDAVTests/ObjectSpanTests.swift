import ICalendar
import Index
import Testing

@testable import CalDAV

@Suite("Spans of objects") struct ObjectSpanTests {
    private func answer(_ lines: String, _ start: String?, _ end: String?) throws -> RecordAnswer {
        let range = TimeRange(
            start: start.flatMap { Instant($0.utf8) }, end: end.flatMap { Instant($0.utf8) })
        return ObjectSpan(try calendar(lines).components).answer(on: range)
    }

    static let utc = "BEGIN:VEVENT\nDTSTART:20260105T100000Z\nDTEND:20260105T110000Z\nEND:VEVENT"
    static let zoned =
        "BEGIN:VEVENT\nDTSTART;TZID=A:20260105T100000\nDTEND;TZID=A:20260105T110000\nEND:VEVENT"
    static let day = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260105\nEND:VEVENT"

    @Test(
        arguments: [
            (utc, "20260105T090000Z", "20260105T100000Z", RecordAnswer.no),
            (utc, "20260105T090000Z", "20260105T100001Z", .yes),
            (utc, "20260105T110000Z", "20260105T120000Z", .no),
            (utc, "20260105T105959Z", "20260105T120000Z", .yes),
            (
                "BEGIN:VEVENT\nDTSTART:20260105T100000Z\nEND:VEVENT", "20260105T100000Z", "20260105T110000Z",
                .yes
            ),
            (zoned, "20260101T000000Z", "20260201T000000Z", .yes),
            (zoned, "20260105T100000Z", "20260105T110000Z", .unknown),
            (zoned, "20260107T000000Z", "20260201T000000Z", .no),
            (day, "20260101T000000Z", "20260201T000000Z", .yes),
            (day, "20260106T000000Z", "20260201T000000Z", .unknown),
            (day, "20260107T000001Z", "20260201T000000Z", .no),
        ])
    func `a single event`(_ event: String, _ start: String, _ end: String, _ expected: RecordAnswer)
        throws
    {
        #expect(try answer(event, start, end) == expected)
    }

    @Test(
        arguments: [
            ("RRULE:FREQ=DAILY", String?.some("20300101T000000Z"), RecordAnswer.unknown),
            ("RRULE:FREQ=DAILY", String?.none, .unknown),
            ("RRULE:FREQ=DAILY;COUNT=10", "20260114T110001Z", .unknown),
            ("RRULE:FREQ=DAILY;COUNT=10", "20260116T000000Z", .no),
            ("RRULE:FREQ=DAILY;UNTIL=20260114T100000Z", "20260118T000000Z", .no),
            ("RDATE:20260301T100000Z", "20260301T000000Z", .unknown),
            ("RDATE;VALUE=PERIOD:20260301T100000Z/P10D", "20260310T000000Z", .unknown),
            ("RDATE:20260301T100000Z", "20260303T000000Z", .no),
            ("RRULE:nonsense", "20300101T000000Z", .unknown),
        ])
    func `a recurring event from a day on`(
        _ line: String, _ start: String?, _ expected: RecordAnswer
    ) throws {
        let event = "BEGIN:VEVENT\nDTSTART:20260105T100000Z\nDTEND:20260105T110000Z\n\(line)\nEND:VEVENT"
        #expect(try answer(event, start, nil) == expected)
        #expect(
            try answer(event, nil, "20260103T000000Z") == (line == "RRULE:nonsense" ? .unknown : .no))
    }

    @Test func `an override is part of the span`() throws {
        let moved =
            Self.utc + "\nBEGIN:VEVENT\nRECURRENCE-ID:20260105T100000Z\nDTSTART:20260301T100000Z\nEND:VEVENT"
        #expect(try answer(moved, "20260228T000000Z", nil) == .unknown)
        #expect(try answer(moved, "20260302T000000Z", nil) == .no)
        let future =
            Self.utc
            + "\nBEGIN:VEVENT\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260105T100000Z\nDTSTART:20260301T100000Z\nEND:VEVENT"
        #expect(try answer(future, "20300101T000000Z", nil) == .unknown)
    }

    @Test func `a to-do without dates may be at any time, and one with them touches the range`() throws {
        #expect(try answer("BEGIN:VTODO\nUID:1\nEND:VTODO", "20300101T000000Z", nil) == .unknown)
        let due = "BEGIN:VTODO\nDUE:20260105T100000Z\nEND:VTODO"
        #expect(try answer(due, "20260105T100000Z", nil) == .unknown)
        #expect(try answer(due, "20260105T100001Z", nil) == .no)
    }
}
