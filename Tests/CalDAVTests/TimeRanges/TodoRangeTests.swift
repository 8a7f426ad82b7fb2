import Testing

@Suite("The table of VTODO, RFC 4791 §9.9") struct TodoRangeTests {
    static func todo(_ lines: String...) -> String {
        (["BEGIN:VTODO", "UID:1"] + lines + ["END:VTODO"]).joined(separator: "\n")
    }

    private static let start = "DTSTART:20260105T090000Z"
    private static let due = "DUE:20260105T100000Z"
    private static let completed = "COMPLETED:20260105T100000Z"
    private static let created = "CREATED:20260105T090000Z"

    /// DTSTART and DURATION; COMPLETED and CREATED mean nothing then.
    private static func withDuration(_ others: String...) -> [RangeCase] {
        RangeCase.row(
            "Y Y N", todo(([start, "DURATION:PT1H"] + others).joined(separator: "\n")),
            in: [
                "T090000/T100000", "T100000/T110000", "T080000/T090001", "T095959/T100000", "/T090001",
                "T100000/",
            ],
            out: ["T080000/T090000", "T100001/T110000", "/T090000", "T100001/"])
    }

    private static func withDue(_ others: String...) -> [RangeCase] {
        RangeCase.row(
            "Y N Y", todo(([start, due] + others).joined(separator: "\n")),
            in: ["T090000/T100000", "T095959/T110000", "T080000/T090001", "/T090001", "T095959/"],
            out: ["T080000/T090000", "T100000/T110000", "/T090000", "T100000/"])
    }

    static let rows =
        withDuration() + withDuration(completed, created)
        + withDuration("COMPLETED:20260201T100000Z", "CREATED:20250105T090000Z")
        // The end of the range is enough where start and end are the same.
        + RangeCase.row(
            "Y Y N, DURATION = 0", todo(start, "DURATION:PT0S"),
            in: ["T090000/T090001", "T080000/T090000", "T090000/", "/T090000"],
            out: ["T080000/T085959", "T090001/T100000", "T090001/", "/T085959"])
        + withDue() + withDue(completed, created)
        + RangeCase.row(
            "Y N Y, DUE = DTSTART", todo(start, "DUE:20260105T090000Z"),
            in: ["T090000/T090001", "T080000/T090000", "/T090000", "T090000/"],
            out: ["T080000/T085959", "T090001/T100000", "/T085959", "T090001/"])
        + RangeCase.row(
            "Y N N", todo(start), in: ["T090000/T090001", "T080000/T090001", "T090000/", "/T090001"],
            out: ["T080000/T090000", "T090001/T100000", "/T090000", "T090001/"])
        + RangeCase.row(
            "Y N N, completed", todo(start, completed, created),
            in: ["T090000/T090001"], out: ["T095959/T100001", "T080000/T090000"])
        + RangeCase.row(
            "Y N N, DATE", todo("DTSTART;VALUE=DATE:20260105"),
            in: ["T000000/T000001", "20260104T120000/T000001"],
            out: ["20260104T000000/T000000", "T000001/T120000"])
        + RangeCase.row(
            "N N Y", todo(due), in: ["T095959/T100000", "T090000/T100000", "T095959/", "/T100000"],
            out: ["T100000/T110000", "T090000/T095959", "/T095959", "T100000/"])
        + RangeCase.row(
            "N N Y, completed", todo(due, "COMPLETED:20260105T200000Z", "CREATED:20260101T000000Z"),
            in: ["T095959/T100000"], out: ["T195959/T200001", "20260101T000000/20260101T000001"])
        + RangeCase.row(
            "N N N Y Y", todo(completed, created),
            in: [
                "T080000/T090000", "T090000/T090001", "T093000/T094000", "T100000/T110000", "/T090000",
                "T100000/",
            ],
            out: ["T080000/T085959", "T100001/T110000", "/T085959", "T100001/"])
        + RangeCase.row(
            "N N N Y N", todo(completed), in: ["T100000/T110000", "T090000/T100000", "/T100000", "T100000/"],
            out: ["T090000/T095959", "T100001/T110000", "/T095959", "T100001/"])
        + RangeCase.row(
            "N N N N Y", todo(created), in: ["T090000/T090001", "T100000/T110000", "/T090001", "T110000/"],
            out: ["T080000/T090000", "/T090000"])
        + RangeCase.row(
            "N N N N N", todo("SUMMARY:some day"),
            in: ["T080000/T090000", "/T090000", "T090000/", "00010101T000000/00010101T000001"], out: [])

    @Test(arguments: rows) func row(_ range: RangeCase) throws { try range.check() }

    static let recurring =
        RangeCase.row(
            "DUE only, daily", todo(due, "RRULE:FREQ=DAILY;COUNT=3"),
            in: ["20260106T095959/20260106T100000", "20260107T095959/20260107T100000"],
            out: ["20260106T100000/20260107T095959", "20260108T000000/20260109T000000"])
        + RangeCase.row(
            "DTSTART and DUE, daily", todo(start, due, "RRULE:FREQ=DAILY"),
            in: ["20360106T095959/20360106T110000"], out: ["20360106T100000/20360107T090000"])
        // The second is done later than it was to be; only when it is due counts.
        + RangeCase.row(
            "an override with DUE only",
            todo(due, "RRULE:FREQ=DAILY;COUNT=2") + "\n"
                + todo("RECURRENCE-ID:20260106T100000Z", "DUE:20260106T150000Z"),
            in: ["20260106T145959/20260106T150000"],
            out: ["20260106T095959/20260106T100000", "20260106T110000/20260106T140000"])
        + RangeCase.row(
            "an override with DUE only, alone",
            todo("RECURRENCE-ID:20260106T100000Z", "DUE:20260106T150000Z"),
            in: ["20260106T145959/20260106T150000"],
            out: ["20260106T095959/20260106T100001", "20260106T110000/20260106T140000"])

    @Test(arguments: recurring) func `instances`(_ range: RangeCase) throws { try range.check() }

    @Test(arguments: rows) func `expanded`(_ range: RangeCase) throws { try range.checkExpansion() }

    @Test(arguments: recurring) func `expanded instances`(_ range: RangeCase) throws {
        try range.checkExpansion()
    }
}
