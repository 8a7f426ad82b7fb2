import ICalendar
import Testing

@Suite("Recurrence sets, RFC 5545 §3.8.5 and §3.8.4.4") struct RecurrenceSetTests {
    /// Instances as `start/end`, those of overrides with `!`.
    static func instances(
        _ calendar: Component, _ start: String? = nil, _ end: String? = nil, zone: String? = nil,
        most: Int = 20
    ) -> [String] {
        let set = RecurrenceSet(calendar, zones: SystemZones.resolver(default: zone))
        return set.instances(overlapping: SampleCalendar.range(start, end)).prefix(most).map {
            "\($0.start)/\($0.end)" + ($0.isOverride ? "!" : "")
        }
    }

    static func starts(
        _ calendar: Component, _ start: String? = nil, _ end: String? = nil, zone: String? = nil,
        most: Int = 20
    ) -> [String] {
        instances(calendar, start, end, zone: zone, most: most).map { text in
            text.replacing(/Z\/[0-9TZ]+/, with: "")
        }
    }

    @Test func `RDATE adds instances, one that is also the rule's only once, a PERIOD with its own end`()
        throws
    {
        let calendar = try SampleCalendar.make(
            "DTSTART:20240101T100000Z\nDTEND:20240101T110000Z\nRRULE:FREQ=DAILY;COUNT=3\n"
                + "RDATE:20240102T100000Z,20231231T090000Z\nRDATE;VALUE=PERIOD:20240102T120000Z/PT3H,20240101T100000Z/20240101T103000Z"
        )
        #expect(
            Self.instances(calendar) == [
                "20231231T090000Z/20231231T100000Z", "20240101T100000Z/20240101T103000Z",
                "20240102T100000Z/20240102T110000Z", "20240102T120000Z/20240102T150000Z",
                "20240103T100000Z/20240103T110000Z",
            ])
    }

    @Test func `EXDATE excludes by instant whatever its form, and by day as a date`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20240101T100000\nRRULE:FREQ=DAILY;COUNT=8\nEXDATE:20240102T090000Z\n"
                + "EXDATE;TZID=America/New_York:20240103T040000\nEXDATE;VALUE=DATE:20240104\nEXDATE:20240105T100000\n"
                + "EXDATE;TZID=Europe/Berlin:20240106T100000,20240107T100001")
        #expect(Self.starts(calendar) == ["20240101T090000", "20240107T090000", "20240108T090000"])
    }

    @Test func `EXDATE may exclude DTSTART, and whole days by a time on them`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART;VALUE=DATE:20240101\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20240101\nEXDATE:20240103T000000Z"
        )
        #expect(Self.starts(calendar) == ["20240102T000000", "20240104T000000"])
    }

    @Test func `EXRULE takes away what it gives, and not a DTSTART it does not give`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART:20240101T100000Z\nRRULE:FREQ=DAILY;COUNT=10\nEXRULE:FREQ=WEEKLY;BYDAY=TU,WE,TH")
        #expect(
            Self.starts(calendar) == [
                "20240101T100000", "20240105T100000", "20240106T100000", "20240107T100000", "20240108T100000",
            ])
        let all = try SampleCalendar.make("DTSTART:20240101T100000Z\nRRULE:FREQ=DAILY\nEXRULE:FREQ=DAILY")
        #expect(Self.starts(all).isEmpty)
    }

    @Test func `Several rules are joined`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART:20240101T100000Z\nRRULE:FREQ=WEEKLY;COUNT=2\nRRULE:FREQ=MONTHLY;COUNT=2")
        #expect(Self.starts(calendar) == ["20240101T100000", "20240108T100000", "20240201T100000"])
    }

    @Test func `An override takes the place of its instance, whatever the form of its RECURRENCE-ID`() throws
    {
        for id in [
            "RECURRENCE-ID:20240102T090000Z", "RECURRENCE-ID;TZID=Europe/Berlin:20240102T100000",
            "RECURRENCE-ID:20240102T100000", "RECURRENCE-ID;VALUE=DATE:20240102",
        ] {
            let calendar = try SampleCalendar.make(
                "DTSTART;TZID=Europe/Berlin:20240101T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3",
                "\(id)\nDTSTART:20240104T120000Z\nDTEND:20240104T123000Z")
            #expect(
                Self.instances(calendar) == [
                    "20240101T090000Z/20240101T100000Z", "20240103T090000Z/20240103T100000Z",
                    "20240104T120000Z/20240104T123000Z!",
                ])
        }
    }

    @Test func `Overrides without a master stand for themselves`() throws {
        let calendar = try SampleCalendar.make(
            "RECURRENCE-ID:20240102T090000Z\nDTSTART:20240104T120000Z",
            "RECURRENCE-ID:20240103T090000Z\nDTSTART:20240103T120000Z")
        #expect(Self.starts(calendar) == ["20240103T120000!", "20240104T120000!"])
    }

    @Test func `THISANDFUTURE moves later instances on the local clock and gives them its length`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART;TZID=America/New_York:20240226T090000\nDTEND;TZID=America/New_York:20240226T100000\n"
                + "RRULE:FREQ=WEEKLY;COUNT=6",
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/New_York:20240304T090000\n"
                + "DTSTART;TZID=America/New_York:20240305T110000\nDTEND;TZID=America/New_York:20240305T130000",
            "RECURRENCE-ID;TZID=America/New_York:20240318T090000\nDTSTART;TZID=America/New_York:20240318T080000\nDURATION:PT5M",
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/New_York:20240401T090000\n"
                + "DTSTART;TZID=America/New_York:20240331T090000\nDURATION:PT30M")
        #expect(
            Self.instances(calendar) == [
                "20240226T140000Z/20240226T150000Z", "20240305T160000Z/20240305T180000Z!",
                "20240312T150000Z/20240312T170000Z!", "20240318T120000Z/20240318T120500Z!",
                "20240326T150000Z/20240326T170000Z!", "20240331T130000Z/20240331T133000Z!",
            ])
        #expect(
            Self.instances(calendar, "20240312T163000Z", "20240326T150001Z") == [
                "20240312T150000Z/20240312T170000Z!", "20240318T120000Z/20240318T120500Z!",
                "20240326T150000Z/20240326T170000Z!",
            ])
    }

    @Test func `DTEND gives each instance the same seconds, DURATION the same days`() throws {
        let exact = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20240330T120000\nDTEND;TZID=Europe/Berlin:20240331T120000\nRRULE:FREQ=DAILY;COUNT=2"
        )
        #expect(
            Self.instances(exact) == [
                "20240330T110000Z/20240331T100000Z", "20240331T100000Z/20240401T090000Z",
            ])
        let nominal = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20240330T120000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=2")
        #expect(
            Self.instances(nominal) == [
                "20240330T110000Z/20240331T100000Z", "20240331T100000Z/20240401T100000Z",
            ])
    }

    @Test func `Times in a gap move, and two that come together are one`() throws {
        let daily = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20240330T023000\nRRULE:FREQ=DAILY;COUNT=3")
        #expect(Self.starts(daily) == ["20240330T013000", "20240331T013000", "20240401T003000"])
        let hourly = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20240331T010000\nRRULE:FREQ=HOURLY;COUNT=4")
        #expect(Self.starts(hourly) == ["20240331T000000", "20240331T010000", "20240331T020000"])
        let twice = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:20241027T023000\nRRULE:FREQ=DAILY;COUNT=2")
        #expect(Self.starts(twice) == ["20241027T003000", "20241028T013000"])
    }

    @Test func `Whole days and floating times are those of the default zone`() throws {
        let days = try SampleCalendar.make("DTSTART;VALUE=DATE:20240330\nRRULE:FREQ=DAILY;COUNT=2")
        #expect(
            Self.instances(days, zone: "Europe/Berlin") == [
                "20240329T230000Z/20240330T230000Z", "20240330T230000Z/20240331T220000Z",
            ])
        let floating = try SampleCalendar.make("DTSTART:20240330T120000\nDTEND:20240330T130000")
        #expect(Self.instances(floating, zone: "Asia/Tokyo") == ["20240330T030000Z/20240330T040000Z"])
        #expect(Self.instances(floating) == ["20240330T120000Z/20240330T130000Z"])
    }

    @Test(arguments: [
        ("DTSTART;TZID=Europe/Berlin:20240101T000000", "20240104T225959Z", 4),
        ("DTSTART;TZID=Europe/Berlin:20240101T000000", "20240104T230000Z", 5),
        ("DTSTART;TZID=Europe/Berlin:20240101T000000", "20240104T000000", 4),
        ("DTSTART;TZID=Europe/Berlin:20240101T120000", "20240104", 4),
        ("DTSTART:20240101T120000", "20240104", 4),
        ("DTSTART:20240101T120000Z", "20240104T120000Z", 4), ("DTSTART;VALUE=DATE:20240101", "20240104", 4),
        ("DTSTART;VALUE=DATE:20240101", "20240104T235959Z", 4),
        ("DTSTART:20240101T120000", "20240104T110000Z", 4),
    ])
    func `UNTIL ends the rule, whatever its form`(start: String, until: String, count: Int) throws {
        let calendar = try SampleCalendar.make("\(start)\nRRULE:FREQ=DAILY;UNTIL=\(until)")
        #expect(Self.starts(calendar, zone: "Europe/Berlin").count == count)
    }

    @Test func `A long past series is looked at only where it is asked for`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART;TZID=Europe/Berlin:19700101T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Berlin:25000102T090000"
        )
        #expect(
            Self.starts(calendar, "25000101T083000Z", "25000104T080000Z") == [
                "25000101T080000", "25000103T080000",
            ])
        let long = try SampleCalendar.make(
            "DTSTART:20240101T090000Z\nDURATION:P3D\nRRULE:FREQ=WEEKLY")
        #expect(Self.starts(long, "20240118T080000Z", "20240118T081500Z") == ["20240115T090000"])
    }

    @Test func `An answer has no more instances than the limits allow, and says so`() throws {
        let calendar = try SampleCalendar.make("DTSTART:20240101T090000Z\nRRULE:FREQ=SECONDLY")
        let set = RecurrenceSet(
            calendar, zones: SystemZones.resolver(), limits: RecurrenceLimits(maxInstances: 100))
        var instances = set.instances(overlapping: SampleCalendar.range("20240101T090000Z", nil))
        var count = 0
        while instances.next() != nil { count += 1 }
        #expect(count == 100)
        #expect(instances.isTruncated)
        var few = set.instances(overlapping: SampleCalendar.range("20240101T090000Z", "20240101T090100Z"))
        count = 0
        while few.next() != nil { count += 1 }
        #expect(count == 60)
        #expect(!few.isTruncated)
    }

    @Test func `A rule that cannot be followed leaves DTSTART, and the set says so`() throws {
        let calendar = try SampleCalendar.make("DTSTART:20240101T090000Z\nRRULE:RSCALE=CHINESE;FREQ=YEARLY")
        let set = RecurrenceSet(calendar, zones: SystemZones.resolver())
        #expect(set.hasUnreadableParts)
        #expect(Self.starts(calendar) == ["20240101T090000"])
    }

    @Test(
        arguments: [
            ("DTSTART:20240101T090000Z\nDURATION:PT1H", "20240101T090000Z", "20240101T100000Z"),
            ("DTSTART:20240101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY", "20240101T090000Z", nil),
            ("DTSTART:20240101T090000Z\nRRULE:FREQ=DAILY;COUNT=3", "20240101T090000Z", "20240103T090000Z"),
            (
                "DTSTART:20240101T090000Z\nRRULE:FREQ=DAILY;COUNT=3\nRDATE:20231201T090000Z,20250101T090000Z",
                "20231201T090000Z", "20250101T090000Z"
            ),
            (
                "DTSTART:20240101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20240110T090000Z", "20240101T090000Z",
                "20240110T090000Z"
            ),
        ] as [(String, String, String?)])
    func `The span holds all instances`(lines: String, start: String, end: String?) throws {
        let span = RecurrenceSet(try SampleCalendar.make(lines), zones: SystemZones.resolver()).span()
        #expect(span == SampleCalendar.range(start, end))
    }
}
