import ContentLine
import ICalendar
import Testing

@Suite("Expansion and limiting, RFC 4791 §9.6.5 to §9.6.7") struct CalendarExpansionTests {
    /// The components of a calendar as lines, joined by `|`.
    static func components(_ calendar: Component) -> [String] {
        calendar.components.map { component in
            String(decoding: CalendarWriter.bytes(of: component), as: UTF8.self)
                .split(whereSeparator: \.isNewline).joined(separator: "|")
        }
    }

    static func expand(_ calendar: Component, _ start: String, _ end: String, zone: String? = nil) throws
        -> [String]
    {
        components(
            try calendar.expanded(
                in: SampleCalendar.range(start, end), zones: SystemZones.resolver(default: zone)))
    }

    @Test func `Zoned instances become UTC with a RECURRENCE-ID, and overrides their own`() throws {
        let text = """
            BEGIN:VCALENDAR
            BEGIN:VTIMEZONE
            TZID:Zone
            BEGIN:STANDARD
            DTSTART:20000101T000000
            TZOFFSETFROM:-0500
            TZOFFSETTO:-0500
            END:STANDARD
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:1
            DTSTART;TZID=Zone:20060102T120000
            DURATION:PT1H
            RRULE:FREQ=DAILY;COUNT=5
            RDATE;TZID=Zone;VALUE=PERIOD:20060104T180000/PT2H
            EXDATE;TZID=Zone:20060105T120000
            X-SEEN;TZID=Zone:20060101T000000
            END:VEVENT
            BEGIN:VEVENT
            UID:1
            RECURRENCE-ID;TZID=Zone:20060104T120000
            DTSTART;TZID=Zone:20060104T140000
            DTEND;TZID=Zone:20060104T150000
            END:VEVENT
            END:VCALENDAR
            """
        let calendar = try CalendarParser.parse(Array(text.utf8))
        #expect(
            try Self.expand(calendar, "20060102T000000Z", "20060106T000000Z") == [
                "BEGIN:VEVENT|UID:1|DTSTART:20060102T170000Z|DURATION:PT1H|X-SEEN:20060101T050000Z|END:VEVENT",
                "BEGIN:VEVENT|UID:1|DTSTART:20060103T170000Z|DURATION:PT1H|X-SEEN:20060101T050000Z"
                    + "|RECURRENCE-ID:20060103T170000Z|END:VEVENT",
                "BEGIN:VEVENT|UID:1|DTSTART:20060104T190000Z|DTEND:20060104T200000Z|RECURRENCE-ID:20060104T170000Z"
                    + "|END:VEVENT",
                "BEGIN:VEVENT|UID:1|DTSTART:20060104T230000Z|X-SEEN:20060101T050000Z|DTEND:20060105T010000Z"
                    + "|RECURRENCE-ID:20060104T230000Z|END:VEVENT",
            ])
    }

    @Test func `Whole days stay dates and floating times stay floating`() throws {
        let days = try SampleCalendar.make(
            "DTSTART;VALUE=DATE:20240330\nDTEND;VALUE=DATE:20240401\nRRULE:FREQ=WEEKLY")
        #expect(
            try Self.expand(days, "20240406T000000Z", "20240407T000000Z", zone: "Europe/Berlin") == [
                "BEGIN:VEVENT|UID:1|DTSTART;VALUE=DATE:20240406|DTEND;VALUE=DATE:20240408|RECURRENCE-ID;VALUE=DATE:20240406|END:VEVENT"
            ])
        let floating = try SampleCalendar.make(
            "DTSTART:20240330T120000\nDTEND:20240330T130000\nRRULE:FREQ=DAILY")
        #expect(
            try Self.expand(floating, "20240331T100000Z", "20240331T103000Z", zone: "Europe/Berlin") == [
                "BEGIN:VEVENT|UID:1|DTSTART:20240331T120000|DTEND:20240331T130000|RECURRENCE-ID:20240331T120000|END:VEVENT"
            ])
    }

    @Test func `A component that does not recur has no RECURRENCE-ID, and one outside is left out`() throws {
        let calendar = try SampleCalendar.make("DTSTART;TZID=Asia/Tokyo:20240330T120000\nDURATION:PT1H")
        #expect(
            try Self.expand(calendar, "20240330T000000Z", "20240331T000000Z") == [
                "BEGIN:VEVENT|UID:1|DTSTART:20240330T030000Z|DURATION:PT1H|END:VEVENT"
            ])
        #expect(try Self.expand(calendar, "20240331T000000Z", "20240401T000000Z") == [])
    }

    @Test func `Nominal days keep their end on the local clock, and THISANDFUTURE its shift`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20240323T120000\nDURATION:P1D\nRRULE:FREQ=WEEKLY",
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20240406T120000\n"
                + "DTSTART;TZID=Europe/Berlin:20240406T130000\nDTEND;TZID=Europe/Berlin:20240406T140000")
        #expect(
            try Self.expand(calendar, "20240330T110000Z", "20240414T000000Z") == [
                "BEGIN:VEVENT|UID:1|DTSTART:20240330T110000Z|DURATION:PT23H|RECURRENCE-ID:20240330T110000Z|END:VEVENT",
                "BEGIN:VEVENT|UID:1|DTSTART:20240406T110000Z|DTEND:20240406T120000Z|RECURRENCE-ID:20240406T100000Z|END:VEVENT",
                "BEGIN:VEVENT|UID:1|DTSTART:20240413T110000Z|DTEND:20240413T120000Z|RECURRENCE-ID:20240413T100000Z|END:VEVENT",
            ])
    }

    @Test func `To-dos expand by DUE, and those without times stay`() throws {
        let due = try SampleCalendar.make("DUE:20240101T100000Z\nRRULE:FREQ=DAILY", kind: "VTODO")
        #expect(
            try Self.expand(due, "20240102T090000Z", "20240102T103000Z") == [
                "BEGIN:VTODO|UID:1|DUE:20240102T100000Z|RECURRENCE-ID:20240102T100000Z|END:VTODO"
            ])
        let undated = try SampleCalendar.make("SUMMARY:x", kind: "VTODO")
        #expect(
            try Self.expand(undated, "20240102T090000Z", "20240102T103000Z") == [
                "BEGIN:VTODO|UID:1|SUMMARY:x|END:VTODO"
            ])
    }

    @Test func `Too many instances are an error`() throws {
        let calendar = try SampleCalendar.make("DTSTART:20240101T090000Z\nRRULE:FREQ=SECONDLY")
        #expect(throws: RecurrenceLimitExceeded.self) {
            try calendar.expanded(
                in: SampleCalendar.range("20240101T090000Z", "20250101T090000Z"),
                zones: SystemZones.resolver())
        }
    }

    @Test func `limit-recurrence-set keeps overrides that bear on the range now or without them`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART:20240101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY",
            "RECURRENCE-ID:20240102T090000Z\nDTSTART:20240110T090000Z",
            "RECURRENCE-ID:20240103T090000Z\nDTSTART:20240102T150000Z",
            "RECURRENCE-ID:20240105T090000Z\nDTSTART:20240105T150000Z",
            "RECURRENCE-ID;RANGE=THISANDFUTURE:20240120T090000Z\nDTSTART:20240120T110000Z")
        func kept(_ start: String, _ end: String) -> [String?] {
            calendar.limitingRecurrenceSet(
                to: SampleCalendar.range(start, end), zones: SystemZones.resolver()
            )
            .components.map { $0.property("RECURRENCE-ID")?.value }
        }
        #expect(
            kept("20240102T000000Z", "20240103T000000Z") == [nil, "20240102T090000Z", "20240103T090000Z"])
        #expect(kept("20240106T000000Z", "20240107T000000Z") == [nil])
        #expect(kept("20250106T093000Z", "20250106T094000Z") == [nil, "20240120T090000Z"])
        #expect(kept("20250106T110000Z", "20250106T111000Z") == [nil, "20240120T090000Z"])
        #expect(kept("20250106T120000Z", "20250107T080000Z") == [nil])
        #expect(kept("20240110T090000Z", "20240110T100000Z") == [nil, "20240102T090000Z"])
    }

    @Test func `limit-freebusy-set keeps the periods that overlap`() throws {
        let calendar = try SampleCalendar.make(
            "FREEBUSY:20240101T090000Z/PT1H,20240102T090000Z/PT1H\nFREEBUSY;FBTYPE=FREE:20240103T090000Z/20240103T100000Z",
            kind: "VFREEBUSY")
        let limited = calendar.limitingFreeBusySet(
            to: SampleCalendar.range("20240102T093000Z", "20240103T090000Z"), zones: SystemZones.resolver())
        #expect(
            Self.components(limited) == ["BEGIN:VFREEBUSY|UID:1|FREEBUSY:20240102T090000Z/PT1H|END:VFREEBUSY"]
        )
    }
}
