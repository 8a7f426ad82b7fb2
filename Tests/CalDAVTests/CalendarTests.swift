import HTTP
import Store
import TestSupport
import Testing

@testable import CalDAV

@Suite("Calendars, RFC 4791 §4 and §5") struct CalendarTests {
    static let event = """
        BEGIN:VEVENT
        UID:1
        DTSTART:20260105T100000Z
        SUMMARY:Dinner
        END:VEVENT
        """

    @Test func `an object is stored and returned with its bytes`() throws {
        let client = try CalendarClient()
        try client.put("a.ics", Self.event).check(201)
        let get = try client.send("GET", "/ana/calendars/work/a.ics")
        get.check(200)
        #expect(get.body == object(Self.event))
    }

    @Test(
        arguments: [
            ("BEGIN:VEVENT\nUID:1\nDTSTART:20260105T100000Z", "valid-calendar-data"),
            ("BEGIN:VEVENT\nUID:1\nEND:VEVENT", "valid-calendar-data"),
            ("METHOD:REQUEST\n\(event)", "valid-calendar-object-resource"),
            ("\(event)\nBEGIN:VTODO\nUID:1\nEND:VTODO", "valid-calendar-object-resource"),
            ("BEGIN:VEVENT\nDTSTART:20260105T100000Z\nEND:VEVENT", "valid-calendar-object-resource"),
            ("BEGIN:X-THING\nEND:X-THING", "supported-calendar-component"),
            ("CALSCALE:CHINESE\n\(event)", "supported-calendar-data"),
            ("BEGIN:VEVENT\nUID:1\nDTSTART:00000105T100000Z\nEND:VEVENT", "min-date-time"),
        ])
    func `an object that cannot be one is refused with its precondition`(
        _ lines: String, _ condition: String
    ) throws {
        let answer = try CalendarClient().put("a.ics", lines)
        answer.check(403)
        #expect(answer.condition == condition)
    }

    @Test func `another media type is refused`() throws {
        let answer = try CalendarClient().send(
            "PUT", "/ana/calendars/work/a.txt", ["Content-Type": "text/plain"], "hello")
        answer.check(403)
        #expect(answer.condition == "supported-calendar-data")
    }

    @Test func `sizes and numbers of attendees can be bounded`() throws {
        let client = try CalendarClient(limits: .init(resourceBytes: 300, attendeesPerInstance: 1))
        let ok = "BEGIN:VEVENT\nUID:1\nDTSTART:20260105T100000Z\nATTENDEE:mailto:a@b\nEND:VEVENT"
        try client.put("a.ics", ok).check(201)
        let crowd = try client.put(
            "b.ics", "BEGIN:VEVENT\nUID:2\nDTSTART:20260105T100000Z\nATTENDEE:a:b\nATTENDEE:a:c\nEND:VEVENT")
        crowd.check(403)
        #expect(crowd.condition == "max-attendees-per-instance")
        let big = try client.put(
            "c.ics",
            "BEGIN:VEVENT\nUID:3\nDTSTART:20260105T100000Z\nSUMMARY:\(String(repeating: "x", count: 300))\nEND:VEVENT"
        )
        big.check(403)
        #expect(big.condition == "max-resource-size")
    }

    @Test func `a UID stays with its object`() throws {
        let client = try CalendarClient()
        try client.put("a.ics", Self.event).check(201)
        let other = try client.put("b.ics", Self.event)
        other.check(403)
        #expect(other.condition == "no-uid-conflict")
        let changed = try client.put("a.ics", "BEGIN:VEVENT\nUID:2\nDTSTART:20260105T100000Z\nEND:VEVENT")
        changed.check(403)
        #expect(changed.condition == "no-uid-conflict")
    }

    @Test func `a calendar is exported as one object, each time zone once`() throws {
        let client = try CalendarClient()
        let zone =
            "BEGIN:VTIMEZONE\nTZID:Home\nBEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE\n"
        for uid in ["1", "2"] {
            try client.put(
                "\(uid).ics", zone + "BEGIN:VEVENT\nUID:\(uid)\nDTSTART;TZID=Home:20260105T100000\nEND:VEVENT"
            ).check(201)
        }
        let export = try client.send("GET", "/ana/calendars/work/").body
        #expect(export.split(separator: "\r\n").filter { $0 == "BEGIN:VTIMEZONE" }.count == 1)
        #expect(export.split(separator: "\r\n").filter { $0 == "BEGIN:VEVENT" }.count == 2)
        #expect(export.hasSuffix("END:VCALENDAR\r\n"))
    }

    @Test func `a query that matches too much is refused`() throws {
        let client = try CalendarClient(limits: .init(matches: 1))
        try client.put("1.ics", Self.event).check(201)
        let all = #"<C:comp-filter name="VCALENDAR"/>"#
        try client.query(all).check(207)
        try client.put("2.ics", "BEGIN:VEVENT\nUID:2\nDTSTART:20260105T100000Z\nEND:VEVENT").check(201)
        let answer = try client.query(all)
        answer.check(403)
        #expect(answer.condition == "number-of-matches-within-limits")
    }

    @Test func `what cannot be read is told to the log once, and fails no query`() throws {
        let client = try CalendarClient()
        let path = try #require(StorePath(below: nil, "/ana/calendars/work"))
        let name = try #require(ItemName("junk.ics"))
        _ = try client.store.collection(at: path).update(by: Author(name: "Ana", email: "ana@example.com")) {
            _ in
            UpdatePlan(writes: [(name: name, bytes: [0xFF, 0x00])], message: "junk")
        }
        let events = #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter>"#
        for _ in 0..<2 {
            let answer = try client.query(events)
            answer.check(207)
            #expect(!answer.body.contains("junk"))
        }
        #expect(client.log.count == 1)
        let get = try client.report(
            """
            <C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
            <D:prop><C:calendar-data/></D:prop><D:href>/ana/calendars/work/junk.ics</D:href></C:calendar-multiget>
            """)
        get.check(207)
        #expect(get.body.contains("HTTP/1.1 500"))
    }
}
