import Testing

@Suite("Time ranges and recurrences, RFC 4791 §7.4, §9.9") struct RecurrenceRangeTests {
    private static func event(_ lines: String...) -> String {
        (["BEGIN:VEVENT", "UID:1"] + lines + ["END:VEVENT"]).joined(separator: "\n")
    }

    private static let hour = "DTSTART:20260105T090000Z\nDTEND:20260105T100000Z"

    static let rules =
        RangeCase.row(
            "COUNT", event(hour, "RRULE:FREQ=DAILY;COUNT=3"),
            in: ["T095959/T100000", "20260107T095959/20260107T110000", "20260107T000000/", "/T090001"],
            out: [
                "T100000/20260106T090000", "20260107T100000/20260301T000000", "20260107T100000/", "/T090000",
            ])
        + RangeCase.row(
            "UNTIL is the last start", event(hour, "RRULE:FREQ=DAILY;UNTIL=20260107T090000Z"),
            in: ["20260107T090000/20260107T090001"], out: ["20260108T000000/"])
        + RangeCase.row(
            "UNTIL before a start", event(hour, "RRULE:FREQ=DAILY;UNTIL=20260107T085959Z"),
            in: ["20260106T090000/20260106T090001"], out: ["20260106T100000/"])
        + RangeCase.row(
            "without an end, in any year", event(hour, "RRULE:FREQ=YEARLY"),
            in: [
                "21260105T090000/21260105T090001", "99980105T095959/99980105T100000", "99990101T000000/",
                "30000101T000000/",
            ],
            out: ["21260105T100000/21270105T090000", "/T090000", "T100000/20270105T090000"])
        + RangeCase.row(
            "a rule without instances", event(hour, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
            in: ["T090000/T090001"], out: ["20270101T000000/20280101T000000", "T100000/20300101T000000"])
        + RangeCase.row(
            "instances longer than the interval",
            event("DTSTART:20260105T090000Z", "DURATION:P3D", "RRULE:FREQ=DAILY;COUNT=2"),
            in: ["20260108T095959/20260109T085959", "20260109T085959/"], out: ["20260109T090000/"])
        + RangeCase.row(
            "of no time", event("DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY"),
            in: ["20260301T090000/20260301T090001"], out: ["20260301T090001/20260302T090000"])
        + RangeCase.row(
            "whole days", event("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY"),
            in: ["20260112T235959/20260113T000000", "20260119T000000/20260119T000001"],
            out: ["20260113T000000/20260119T000000"])

    static let dates =
        RangeCase.row(
            "EXDATE", event(hour, "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260105T090000Z,20260107T090000Z"),
            in: ["20260106T090000/20260106T090001", "/20260107T000000"],
            out: ["T000000/20260106T090000", "20260106T100000/", "/20260106T090000"])
        + RangeCase.row(
            "EXDATE as a date", event(hour, "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20260106"),
            in: ["T090000/T090001", "20260107T090000/20260107T090001"], out: ["T100000/20260107T090000"])
        + RangeCase.row(
            "all are excluded",
            event(hour, "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:20260105T090000Z", "EXDATE:20260106T090000Z"),
            in: [], out: ["T000000/20260201T000000", "T000000/", "/20260201T000000"])
        + RangeCase.row(
            "RDATE", event(hour, "RDATE:20260201T090000Z,20251201T090000Z"),
            in: ["20260201T095959/20260201T100000", "20251201T090000/20251201T090001", "T090000/T090001"],
            out: ["20260201T100000/", "20251201T100000/T090000", "/20251201T090000"])
        + RangeCase.row(
            "RDATE with an end", event(hour, "RDATE;VALUE=PERIOD:20260201T090000Z/20260203T120000Z"),
            in: ["20260203T115959/20260203T120000", "T095959/T100000"],
            out: ["20260203T120000/", "T100000/20260201T090000"])
        + RangeCase.row(
            "RDATE with a length",
            event(hour, "RRULE:FREQ=DAILY;COUNT=2", "RDATE;VALUE=PERIOD:20260201T090000Z/P3D"),
            in: ["20260204T085959/20260204T090000"],
            out: ["20260204T090000/", "20260106T100000/20260201T090000"])
        + RangeCase.row(
            "EXDATE for an RDATE", event(hour, "RDATE:20260201T090000Z", "EXDATE:20260201T090000Z"),
            in: ["T090000/T090001"], out: ["T100000/"])

    private static let daily = "DTSTART:20260105T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=10"

    static let overrides =
        RangeCase.row(
            "moved",
            event(daily) + "\n"
                + event("RECURRENCE-ID:20260107T090000Z", "DTSTART:20260120T090000Z", "DURATION:PT2H"),
            in: ["20260120T105959/20260120T110000", "20260108T090000/20260108T090001"],
            out: ["20260106T100000/20260108T090000", "20260120T110000/", "20260114T100000/20260120T090000"])
        + RangeCase.row(
            "moved before all others",
            event(daily) + "\n" + event("RECURRENCE-ID:20260107T090000Z", "DTSTART:20251201T090000Z"),
            in: ["20251201T090000/20251201T090001", "/20251201T090001"],
            out: ["20251201T090001/T090000", "/20251201T090000"])
        + RangeCase.row(
            "shortened to nothing",
            event(daily) + "\n" + event("RECURRENCE-ID:20260107T090000Z", "DTSTART:20260107T090000Z"),
            in: ["20260107T090000/20260107T090001"], out: ["20260107T090001/20260108T090000"])
        + RangeCase.row(
            "alone", event("RECURRENCE-ID:20260107T090000Z", "DTSTART:20260107T150000Z", "DURATION:PT1H"),
            in: ["20260107T155959/20260107T160000"],
            out: ["20260107T090000/20260107T150000", "20260107T160000/"])
        + RangeCase.row(
            "without a start of its own",
            event(daily) + "\n" + event("RECURRENCE-ID:20260107T090000Z", "DURATION:PT3H"),
            in: ["20260107T115959/20260107T120000"], out: ["20260107T120000/20260108T090000"])
        + RangeCase.row(
            "of an instance that the rule does not have",
            event(daily) + "\n"
                + event("RECURRENCE-ID:20260301T090000Z", "DTSTART:20260301T150000Z", "DURATION:PT1H"),
            in: ["20260301T150000/20260301T150001"],
            out: ["20260301T000000/20260301T150000", "20260301T160000/"])

    static let following =
        RangeCase.row(
            "this and what follows",
            event(daily) + "\n"
                + event(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260108T090000Z", "DTSTART:20260108T130000Z",
                    "DURATION:PT2H"),
            in: [
                "20260107T090000/20260107T090001", "20260108T145959/20260108T150000",
                "20260114T145959/20260114T150000",
            ],
            out: ["20260107T100000/20260108T130000", "20260110T150000/20260111T130000", "20260114T150000/"])
        + RangeCase.row(
            "and one of those in another way",
            event(daily) + "\n"
                + event(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260108T090000Z", "DTSTART:20260108T130000Z",
                    "DURATION:PT2H")
                + "\n" + event("RECURRENCE-ID:20260110T090000Z", "DTSTART:20260110T200000Z", "DURATION:PT1H"),
            in: ["20260110T200000/20260110T200001", "20260111T130000/20260111T130001"],
            out: ["20260109T150000/20260110T200000", "20260110T210000/20260111T130000"])
        + RangeCase.row(
            "and two times",
            event(daily) + "\n"
                + event(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260108T090000Z", "DTSTART:20260108T130000Z",
                    "DURATION:PT2H")
                + "\n"
                + event(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260112T090000Z", "DTSTART:20260112T070000Z",
                    "DURATION:PT1H"),
            in: ["20260111T145959/20260111T150000", "20260114T070000/20260114T070001"],
            out: ["20260111T150000/20260112T070000", "20260114T080000/"])
        + RangeCase.row(
            "to another day, with EXDATE",
            event(daily, "EXDATE:20260110T090000Z") + "\n"
                + event(
                    "RECURRENCE-ID;RANGE=THISANDFUTURE:20260108T090000Z", "DTSTART:20260208T090000Z",
                    "DURATION:PT1H"),
            in: [
                "20260209T090000/20260209T090001", "20260211T090000/20260211T090001",
                "20260214T095959/20260214T100000",
            ],
            out: ["20260210T000000/20260211T090000", "20260107T100000/20260208T090000", "20260214T100000/"])

    @Test(arguments: rules + dates) func recurrence(_ range: RangeCase) throws { try range.check() }

    @Test(arguments: overrides + following) func override(_ range: RangeCase) throws { try range.check() }

    private static func zoned(_ lines: String...) -> String {
        SampleZones.newYork + "\n"
            + (["BEGIN:VEVENT", "UID:1"] + lines + ["END:VEVENT"]).joined(separator: "\n")
    }

    private static let inEvents = ##"<C:comp-filter name="VEVENT">#</C:comp-filter>"##

    /// At nine in New York: 14:00 in UTC until 8 March, then 13:00.
    static let zones =
        RangeCase.row(
            "across a change of clocks",
            zoned(
                "DTSTART;TZID=America/New_York:20260105T090000",
                "DTEND;TZID=America/New_York:20260105T100000",
                "RRULE:FREQ=DAILY"),
            within: inEvents,
            in: [
                "20260307T140000/20260307T140001", "20260308T130000/20260308T130001",
                "20350708T130000/20350708T130001",
            ],
            out: [
                "20260307T150000/20260308T130000", "20260308T140000/20260309T130000",
                "20350708T140000/20350709T130000",
            ])
        + RangeCase.row(
            "an exception in UTC, and one without a zone",
            zoned(
                "DTSTART;TZID=America/New_York:20260105T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY",
                "EXDATE:20260308T130000Z", "EXDATE:20260310T090000"),
            within: inEvents, in: ["20260309T130000/20260309T130001", "20260311T130000/20260311T130001"],
            out: ["20260307T150000/20260309T130000", "20260309T140000/20260311T130000"])
        + RangeCase.row(
            "UNTIL in UTC, on the other day there",
            zoned(
                "DTSTART;TZID=America/New_York:20260105T200000", "DURATION:PT1H",
                "RRULE:FREQ=DAILY;UNTIL=20260108T010000Z"),
            within: inEvents, in: ["20260108T010000/20260108T010001"], out: ["20260108T020000/"])
        + RangeCase.row(
            "an override in UTC",
            zoned("DTSTART;TZID=America/New_York:20260105T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY") + "\n"
                + event("RECURRENCE-ID:20260308T130000Z", "DTSTART:20260308T200000Z", "DURATION:PT1H"),
            within: inEvents, in: ["20260308T200000/20260308T200001"],
            out: ["20260307T150000/20260308T200000", "20260308T210000/20260309T130000"])

    @Test(arguments: zones) func `time zones`(_ range: RangeCase) throws { try range.check() }

    static let floating =
        RangeCase.row(
            "floating, daily", event("DTSTART:20260105T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY"),
            in: ["20260307T140000/20260307T140001", "20260308T130000/20260308T130001"],
            out: ["20260307T150000/20260308T130000", "20260308T140000/20260309T130000"])
        + RangeCase.row(
            "whole days, daily but one",
            event("DTSTART;VALUE=DATE:20260306", "RRULE:FREQ=DAILY;INTERVAL=2", "EXDATE;VALUE=DATE:20260310"),
            in: ["20260309T035959/20260309T040000", "20260312T040000/20260312T040001"],
            out: ["20260309T040000/20260312T040000"])

    @Test(arguments: floating) func `floating, in the zone of the calendar`(_ range: RangeCase) throws {
        try range.check(zone: SampleZones.newYork)
    }

    @Test(arguments: rules + dates + overrides + following + zones) func `expanded`(_ range: RangeCase) throws
    { try range.checkExpansion() }

    @Test(arguments: floating) func `expanded, floating`(_ range: RangeCase) throws {
        try range.checkExpansion(zone: SampleZones.newYork)
    }
}
