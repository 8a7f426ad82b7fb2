import ICalendar
import Testing

@testable import CalDAV

@Suite("Expansions written and made") struct ExpansionAgreementTests {
    private static let zone = """
        BEGIN:VTIMEZONE
        TZID:Far
        BEGIN:STANDARD
        DTSTART:19701025T030000
        TZOFFSETFROM:+0200
        TZOFFSETTO:+0100
        RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
        END:STANDARD
        BEGIN:DAYLIGHT
        DTSTART:19700329T020000
        TZOFFSETFROM:+0100
        TZOFFSETTO:+0200
        RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
        END:DAYLIGHT
        END:VTIMEZONE

        """

    /// Forms of which there is none among the seeded objects.
    private static let others = [
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Far:20260103T093000\nRRULE:FREQ=DAILY\nDTEND;TZID=Far:20260103T100000"
            + "\nBEGIN:VALARM\nTRIGGER:-PT5M\nEND:VALARM\nSUMMARY:a\nEND:VEVENT\nBEGIN:VEVENT\nUID:1"
            + "\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Far:20260107T093000\nDTSTART;TZID=Far:20260107T120000"
            + "\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260103T093000Z\nRDATE;VALUE=PERIOD:20260105T093000Z/PT3H\nDURATION:PT1H"
            + "\nRRULE:FREQ=WEEKLY\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Far:20260103T093000\nDURATION:P1DT2H\nRRULE:FREQ=DAILY;INTERVAL=2"
            + "\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20260103\nRRULE:FREQ=DAILY\nDTEND;VALUE=DATE:20260104\nX-A;TZID=Far"
            + ":20260103T093000\nEND:VEVENT",
        "BEGIN:VEVENT\nUID:1\nDTSTART:20260103T093000Z\nDURATION:-PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT",
        "BEGIN:VTODO\nUID:1\nDUE:20260103T093000Z\nRRULE:FREQ=DAILY\nEND:VTODO\nBEGIN:VEVENT\nUID:2"
            + "\nDTSTART:20260103T093000Z\nDTSTART:20260104T093000Z\nRRULE:FREQ=DAILY\nEND:VEVENT",
    ]

    @Test func `both are the same bytes, range after range`() throws {
        var numbers = SeededObjects(state: 6)
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone)))
        var (written, instances) = (0, 0)
        for number in 0..<600 {
            let lines = number < Self.others.count ? Self.others[number] : numbers.component()
            let object = try calendar(Self.zone + lines)
            let set = RecurrenceSet(object, zones: zones)
            guard let writer = ExpansionWriter(object, set) else { continue }
            written += 1
            for _ in 0..<12 {
                let range = numbers.range()
                guard range.start != nil, range.end != nil else { continue }
                let made = try object.expanded(in: range, set)
                instances += made.components.count
                let bytes = try writer.bytes(in: range)
                #expect(
                    bytes == CalendarWriter.bytes(of: made),
                    "\(lines) \(range) \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        #expect(written > 400 && instances > 2000)
    }
}
