import Testing

@Suite("The table of VEVENT, RFC 4791 §9.9") struct EventRangeTests {
    static func event(_ lines: String...) -> String {
        (["BEGIN:VEVENT", "UID:1"] + lines + ["END:VEVENT"]).joined(separator: "\n")
    }

    /// The rows with an end after the start: from nine to ten.
    private static func anHour(_ row: String, _ event: String) -> [RangeCase] {
        RangeCase.row(
            row, event,
            in: [
                "T090000/T100000", "T080000/T090001", "T095959/T110000", "T091500/T091501", "T080000/T110000",
                "/T090001", "T095959/", "20200101T000000/20300101T000000",
            ],
            out: ["T080000/T090000", "T100000/T110000", "/T090000", "T100000/"])
    }

    /// The rows that take no time, at nine.
    private static func anInstant(_ row: String, _ event: String) -> [RangeCase] {
        RangeCase.row(
            row, event,
            in: ["T090000/T090001", "T085959/T090001", "T090000/", "/T090001", "T080000/T100000"],
            out: ["T080000/T090000", "T090001/T100000", "/T090000", "T090001/"])
    }

    /// The rows that take a day in UTC.
    private static func aDay(_ row: String, _ event: String) -> [RangeCase] {
        RangeCase.row(
            row, event,
            in: [
                "T000000/T000001", "T235959/20260106T000000", "20260104T000000/T000001", "/T000001",
                "T235959/",
            ],
            out: [
                "20260104T000000/T000000", "20260106T000000/20260107T000000", "/T000000", "20260106T000000/",
            ])
    }

    static let rows =
        anHour("DTEND in UTC", event("DTSTART:20260105T090000Z", "DTEND:20260105T100000Z"))
        + anHour("DTEND on the clock of DTSTART", event("DTSTART:20260105T090000", "DTEND:20260105T100000"))
        + anHour("DURATION > 0", event("DTSTART:20260105T090000Z", "DURATION:PT1H"))
        + anInstant("DURATION = 0", event("DTSTART:20260105T090000Z", "DURATION:PT0S"))
        + anInstant("DURATION = P0D", event("DTSTART:20260105T090000Z", "DURATION:P0D"))
        + anInstant("neither, DATE-TIME", event("DTSTART:20260105T090000Z"))
        + aDay("neither, DATE", event("DTSTART;VALUE=DATE:20260105"))
        + aDay(
            "DTEND, DATE", event("DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260106"))
        + aDay("DURATION, DATE", event("DTSTART;VALUE=DATE:20260105", "DURATION:P1D"))
        + aDay("DTEND, midnights", event("DTSTART:20260105T000000Z", "DTEND:20260106T000000Z"))

    @Test(arguments: rows) func row(_ range: RangeCase) throws { try range.check() }

    /// New York is five hours behind UTC in January.
    static let floating =
        RangeCase.row(
            "DATE", event("DTSTART;VALUE=DATE:20260105"),
            in: ["T050000/T050001", "20260106T045959/20260106T050000", "/T050001", "20260106T045959/"],
            out: [
                "20260104T050000/T050000", "20260106T050000/20260107T050000", "/T050000", "20260106T050000/",
            ])
        + RangeCase.row(
            "floating", event("DTSTART:20260105T090000", "DTEND:20260105T100000"),
            in: ["T140000/T150000", "T130000/T140001", "T145959/T160000"],
            out: ["T130000/T140000", "T150000/T160000", "T090000/T100000"])
        + RangeCase.row(
            "floating, without an end", event("DTSTART:20260105T090000"),
            in: ["T140000/T140001"], out: ["T130000/T140000", "T140001/T150000"])
        + RangeCase.row(
            "DATE across a change of clocks", event("DTSTART;VALUE=DATE:20260308"),
            in: ["20260308T050000/20260308T050001", "20260309T035959/20260309T040000"],
            out: ["20260307T050000/20260308T050000", "20260309T040000/20260309T050000"])
        + RangeCase.row(
            "floating days across a change of clocks", event("DTSTART:20260307T120000", "DURATION:P1D"),
            in: ["20260308T155959/20260308T160000"], out: ["20260308T160000/20260308T170000"])
        + RangeCase.row(
            "an exact end across a change of clocks", event("DTSTART:20260307T120000", "DURATION:PT24H"),
            in: ["20260308T165959/20260308T170000"], out: ["20260308T170000/20260308T180000"])

    @Test(arguments: floating) func `floating, in the zone of the calendar`(_ range: RangeCase) throws {
        try range.check(zone: SampleZones.newYork)
    }

    @Test(arguments: rows) func `expanded`(_ range: RangeCase) throws { try range.checkExpansion() }

    @Test(arguments: floating) func `expanded, floating`(_ range: RangeCase) throws {
        try range.checkExpansion(zone: SampleZones.newYork)
    }
}
