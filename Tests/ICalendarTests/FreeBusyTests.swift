import ContentLine
import ICalendar
import Testing

@Suite("Free-busy time, RFC 4791 §7.10") struct FreeBusyTests {
    static func properties(_ calendars: Component..., zone: String? = nil) throws -> [String] {
        let range = SampleCalendar.range("20240101T000000Z", "20240103T000000Z")
        var freeBusy = FreeBusy(start: try #require(range.start), end: try #require(range.end))
        for calendar in calendars { try freeBusy.add(calendar, zones: SystemZones.resolver(default: zone)) }
        return freeBusy.properties.map { line in
            (line.parameter("FBTYPE")?.values.first ?? "BUSY") + " " + line.value
        }
    }

    @Test(
        arguments: [
            ("", "BUSY"), ("STATUS:CONFIRMED", "BUSY"), ("STATUS:X-OTHER", "BUSY"), ("TRANSP:OPAQUE", "BUSY"),
            ("STATUS:tentative", "BUSY-TENTATIVE"), ("STATUS:CANCELLED", nil), ("TRANSP:TRANSPARENT", nil),
            ("TRANSP:TRANSPARENT\nSTATUS:TENTATIVE", nil),
        ] as [(String, String?)])
    func `TRANSP and STATUS decide how an event takes up time`(lines: String, type: String?) throws {
        let calendar = try SampleCalendar.make("DTSTART:20240101T090000Z\nDTEND:20240101T100000Z\n\(lines)")
        #expect(
            try Self.properties(calendar) == (type.map { ["\($0) 20240101T090000Z/20240101T100000Z"] } ?? []))
    }

    @Test func `Periods are clipped and joined by type; times that take nothing are left out`() throws {
        let calendar = try SampleCalendar.make("DTSTART:20231201T233000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY")
        let second = try SampleCalendar.make("DTSTART:20240101T003000Z\nDURATION:PT1H")
        let third = try SampleCalendar.make("DTSTART:20240101T010000Z\nDURATION:PT10M\nSTATUS:TENTATIVE")
        let instant = try SampleCalendar.make("DTSTART:20240101T120000Z")
        #expect(
            try Self.properties(calendar, second, third, instant) == [
                "BUSY 20240101T000000Z/20240101T013000Z", "BUSY-TENTATIVE 20240101T010000Z/20240101T011000Z",
                "BUSY 20240101T233000Z/20240102T003000Z", "BUSY 20240102T233000Z/20240103T000000Z",
            ])
    }

    @Test func `Whole days are those of the default zone; to-dos take up no time`() throws {
        let day = try SampleCalendar.make("DTSTART;VALUE=DATE:20240101\nDTEND;VALUE=DATE:20240102")
        let todo = try SampleCalendar.make("DTSTART:20240102T090000Z\nDUE:20240102T100000Z", kind: "VTODO")
        #expect(
            try Self.properties(day, todo, zone: "America/New_York") == [
                "BUSY 20240101T050000Z/20240102T050000Z"
            ])
    }

    @Test func `An override decides for its instance`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART:20240101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2",
            "RECURRENCE-ID:20240101T090000Z\nDTSTART:20240101T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED")
        #expect(try Self.properties(calendar) == ["BUSY 20240102T090000Z/20240102T100000Z"])
    }

    @Test func `VFREEBUSY adds its periods by their type, but not free time`() throws {
        let calendar = try SampleCalendar.make(
            "FREEBUSY:20240101T090000Z/PT1H,20240101T100000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20240101T120000Z/PT1H\n"
                + "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20240102T090000Z/20240102T100000Z\nFREEBUSY;FBTYPE=X-Y:20240102T120000Z/PT1H",
            kind: "VFREEBUSY")
        #expect(
            try Self.properties(calendar) == [
                "BUSY 20240101T090000Z/20240101T110000Z",
                "BUSY-UNAVAILABLE 20240102T090000Z/20240102T100000Z",
                "BUSY 20240102T120000Z/20240102T130000Z",
            ])
    }

    @Test func `The component holds the range and the periods`() throws {
        let range = SampleCalendar.range("20240101T000000Z", "20240103T000000Z")
        let start = try #require(range.start)
        var freeBusy = FreeBusy(start: start, end: try #require(range.end))
        try freeBusy.add(
            SampleCalendar.make("DTSTART:20240101T090000Z\nDURATION:PT1H\nSTATUS:TENTATIVE"),
            zones: SystemZones.resolver())
        let text = String(
            decoding: CalendarWriter.bytes(of: freeBusy.component(uid: "u;1", stamp: start)), as: UTF8.self)
        #expect(
            text
                == "BEGIN:VFREEBUSY\r\nUID:u\\;1\r\nDTSTAMP:20240101T000000Z\r\nDTSTART:20240101T000000Z\r\nDTEND:20240103T000000Z\r\n"
                + "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20240101T090000Z/20240101T100000Z\r\nEND:VFREEBUSY\r\n")
    }
}
