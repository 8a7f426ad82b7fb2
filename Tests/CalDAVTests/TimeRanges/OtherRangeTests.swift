import Testing

@Suite("The tables of VJOURNAL, VFREEBUSY, VAVAILABILITY and VALARM, RFC 4791 §9.9, RFC 7953 §7.2.1")
struct OtherRangeTests {
    static func component(_ name: String, _ lines: String...) -> String {
        (["BEGIN:\(name)", "UID:1"] + lines + ["END:\(name)"]).joined(separator: "\n")
    }

    static let journals =
        RangeCase.row(
            "Y Y", component("VJOURNAL", "DTSTART:20260105T090000Z"),
            in: ["T090000/T090001", "T080000/T090001", "T090000/", "/T090001"],
            out: ["T080000/T090000", "T090001/T100000", "T090001/", "/T090000"])
        + RangeCase.row(
            "Y N", component("VJOURNAL", "DTSTART;VALUE=DATE:20260105"),
            in: ["T000000/T000001", "T235959/20260106T000000"],
            out: ["20260104T000000/T000000", "20260106T000000/20260107T000000"])
        + RangeCase.row(
            "N", component("VJOURNAL", "CREATED:20260105T090000Z"), in: [],
            out: ["T090000/T090001", "T090000/", "/T090001"])
        + RangeCase.row(
            "Y Y, yearly", component("VJOURNAL", "DTSTART:20200105T090000Z", "RRULE:FREQ=YEARLY"),
            in: ["T090000/T090001", "20360105T090000/20360105T090001"], out: ["T090001/20270105T090000"])

    static let busy =
        RangeCase.row(
            "Y *", component("VFREEBUSY", "DTSTART:20260105T090000Z", "DTEND:20260105T100000Z"),
            in: ["T090000/T100000", "T100000/T110000", "T080000/T090001", "T100000/", "/T090001"],
            out: ["T080000/T090000", "T100001/T110000", "T100001/", "/T090000"])
        + RangeCase.row(
            "Y *, with periods elsewhere",
            component(
                "VFREEBUSY", "DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "DURATION:PT9H",
                "FREEBUSY:20260105T120000Z/PT1H"),
            in: ["T090000/T090001"], out: ["T120000/T130000"])
        + RangeCase.row(
            "N Y",
            component(
                "VFREEBUSY", "FREEBUSY:20260105T090000Z/20260105T100000Z,20260105T120000Z/PT1H",
                "FREEBUSY;FBTYPE=FREE:20260105T200000Z/PT1H"),
            in: [
                "T095959/T110000", "T080000/T090001", "T125959/T130000", "T203000/T204000", "/T090001",
                "T205959/",
            ],
            out: ["T080000/T090000", "T100000/T120000", "T130000/T200000", "T210000/", "/T090000"])
        + RangeCase.row(
            "N Y, with one end",
            component("VFREEBUSY", "DTSTART:20260105T000000Z", "FREEBUSY:20260105T090000Z/PT1H"),
            in: ["T095959/T110000"], out: ["T000000/T090000", "T100000/T110000"])
        + RangeCase.row(
            "N N", component("VFREEBUSY", "DTSTART:20260105T090000Z", "DURATION:PT1H"), in: [],
            out: ["T090000/T100000", "T000000/", "/T230000"])

    static let availabilities =
        RangeCase.row(
            "Y Y N", component("VAVAILABILITY", "DTSTART:20260105T090000Z", "DTEND:20260105T100000Z"),
            in: ["T090000/T100000", "T080000/T090001", "T095959/T110000"],
            out: ["T080000/T090000", "T100000/T110000"])
        + RangeCase.row(
            "Y N Y", component("VAVAILABILITY", "DTSTART:20260105T090000Z", "DURATION:PT1H"),
            in: ["T090000/T100000", "T095959/T110000"], out: ["T080000/T090000", "T100000/T110000"])
        + RangeCase.row(
            "Y N N", component("VAVAILABILITY", "DTSTART:20260105T090000Z"),
            in: ["T080000/T090001", "20400101T000000/20400101T000001", "T090000/"],
            out: ["T080000/T090000", "/T090000"])
        + RangeCase.row(
            "N Y N", component("VAVAILABILITY", "DTEND:20260105T100000Z"),
            in: ["T095959/T110000", "19900101T000000/19900101T000001", "/T100000"],
            out: ["T100000/T110000", "T100000/"])
        + RangeCase.row(
            "N N *", component("VAVAILABILITY", "SUMMARY:always"),
            in: ["T090000/T100000", "/T000000", "T000000/"], out: [])

    private static func alarmed(_ lines: String, in kind: String = "VEVENT", _ alarm: String) -> String {
        component(
            kind, [lines, "BEGIN:VALARM", "ACTION:DISPLAY", alarm, "END:VALARM"].joined(separator: "\n"))
    }

    private static let rings =
        #"<C:comp-filter name="VEVENT"><C:comp-filter name="VALARM">#</C:comp-filter></C:comp-filter>"#
    private static let ringsForTodo =
        #"<C:comp-filter name="VTODO"><C:comp-filter name="VALARM">#</C:comp-filter></C:comp-filter>"#
    private static let hour = "DTSTART:20260105T090000Z\nDTEND:20260105T100000Z"

    static let alarms =
        RangeCase.row(
            "before the start", alarmed(hour, "TRIGGER:-PT15M"), within: rings,
            in: ["T084500/T084501", "T080000/T084501", "T084500/", "/T084501"],
            out: ["T080000/T084500", "T084501/T110000", "T084501/", "/T084500"])
        + RangeCase.row(
            "before the start, as is said", alarmed(hour, "TRIGGER;RELATED=START:-PT15M"), within: rings,
            in: ["T084500/T084501"], out: ["T094500/T094501"])
        + RangeCase.row(
            "before the end", alarmed(hour, "TRIGGER;RELATED=END:-PT15M"), within: rings,
            in: ["T094500/T094501"], out: ["T090000/T094500", "T084500/T084501", "T094501/T110000"])
        + RangeCase.row(
            "after the end, by the duration",
            alarmed("DTSTART:20260105T090000Z\nDURATION:PT1H", "TRIGGER;RELATED=END:PT5M"), within: rings,
            in: ["T100500/T100501"], out: ["T090000/T100500", "T100501/T110000"])
        + RangeCase.row(
            "at a time of its own", alarmed(hour, "TRIGGER;VALUE=DATE-TIME:20251224T180000Z"), within: rings,
            in: ["20251224T180000/20251224T180001", "/T000000"],
            out: ["20251224T170000/20251224T180000", "20251224T180001/20270101T000000"])
        + RangeCase.row(
            "again", alarmed(hour, "TRIGGER:-PT15M\nREPEAT:2\nDURATION:PT5M"), within: rings,
            in: ["T084500/T084501", "T085000/T085001", "T085500/T085501"],
            out: ["T084501/T085000", "T085501/T110000", "T080000/T084500"])
        + RangeCase.row(
            "again, at times of its own",
            alarmed(hour, "TRIGGER;VALUE=DATE-TIME:20260105T180000Z\nREPEAT:1\nDURATION:PT1H"), within: rings,
            in: ["T190000/T190001"], out: ["T180001/T190000", "T190001/T230000"])
        + RangeCase.row(
            "for each instance",
            alarmed(hour + "\nRRULE:FREQ=DAILY\nEXDATE:20260107T090000Z", "TRIGGER:-P1D"),
            within: rings, in: ["20260105T090000/20260105T090001", "20360105T090000/20360105T090001"],
            out: ["20260106T090000/20260106T090001", "20260105T090001/20260107T090000"])
        + RangeCase.row(
            "of an override only, without an end",
            component("VEVENT", "DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY") + "\n"
                + alarmed("RECURRENCE-ID:20260107T090000Z\nDTSTART:20260107T110000Z", "TRIGGER:-PT15M"),
            within: rings, in: ["20260107T104500/20260107T104501", "T000000/"], out: ["20260107T104501/"])
        + RangeCase.row(
            "to-do, before it is due",
            alarmed("DUE:20260105T100000Z", in: "VTODO", "TRIGGER;RELATED=END:-PT15M"), within: ringsForTodo,
            in: ["T094500/T094501"], out: ["T094501/T110000", "T080000/T094500"])
        + RangeCase.row(
            "to-do without times, at a time of its own",
            alarmed("SUMMARY:some day", in: "VTODO", "TRIGGER;VALUE=DATE-TIME:20260105T180000Z"),
            within: ringsForTodo, in: ["T180000/T180001"], out: ["T180001/T190000"])
        + RangeCase.row(
            "without a trigger", alarmed(hour, "DESCRIPTION:when?"), within: rings, in: [],
            out: ["T000000/T230000"])

    @Test(arguments: journals + busy + availabilities) func row(_ range: RangeCase) throws {
        try range.check()
    }

    @Test(arguments: alarms) func alarm(_ range: RangeCase) throws { try range.check() }

    /// Days of a trigger are counted on the clock of the event: in New York, it is set forward on 8 March.
    static let nominal =
        RangeCase.row(
            "from the start", alarmed("DTSTART:20260308T120000\nDTEND:20260308T130000", "TRIGGER:-P1D"),
            within: rings, in: ["20260307T170000/20260307T170001"], out: ["20260307T160000/20260307T170000"])
        + RangeCase.row(
            "from the end",
            alarmed("DTSTART:20260308T120000\nDTEND:20260308T130000", "TRIGGER;RELATED=END:-P1D"),
            within: rings, in: ["20260307T180000/20260307T180001"], out: ["20260307T170000/20260307T180000"])
        + RangeCase.row(
            "from the start of a day", alarmed("DTSTART;VALUE=DATE:20260309", "TRIGGER:-P1D"),
            within: rings, in: ["20260308T050000/20260308T050001"], out: ["20260308T040000/20260308T050000"])
        + RangeCase.row(
            "from the end of a day", alarmed("DTSTART;VALUE=DATE:20260308", "TRIGGER;RELATED=END:-P1D"),
            within: rings, in: ["20260308T050000/20260308T050001"], out: ["20260308T040000/20260308T050000"])
        + RangeCase.row(
            "hours from the end of a day",
            alarmed("DTSTART;VALUE=DATE:20260308", "TRIGGER;RELATED=END:-PT24H"),
            within: rings, in: ["20260308T040000/20260308T040001"], out: ["20260308T040001/20260308T060000"])

    @Test(arguments: nominal) func `days before an alarm`(_ range: RangeCase) throws {
        try range.check(zone: SampleZones.newYork)
    }

    @Test(arguments: journals + busy + availabilities) func `expanded`(_ range: RangeCase) throws {
        try range.checkExpansion()
    }
}
