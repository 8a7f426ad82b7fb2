import Testing

@Suite("Time ranges of properties, RFC 4791 §9.9") struct PropertyRangeTests {
    private static func component(_ name: String, _ lines: String...) -> String {
        (["BEGIN:\(name)", "UID:1"] + lines + ["END:\(name)"]).joined(separator: "\n")
    }

    /// A filter on a property of a component.
    private static func property(_ name: String, of component: String = "VEVENT", _ more: String = "")
        -> String
    {
        #"<C:comp-filter name="\#(component)"><C:prop-filter name="\#(name)">#\#(more)</C:prop-filter></C:comp-filter>"#
    }

    /// The seven properties, at nine.
    private static func atNine(_ name: String, in kind: String = "VEVENT") -> [RangeCase] {
        RangeCase.row(
            name,
            component(
                kind, name == "DTEND" ? "DTSTART:20260101T000000Z" : "X-A:1", "\(name):20260105T090000Z"),
            within: property(name, of: kind),
            in: ["T090000/T090001", "T080000/T090001", "T090000/", "/T090001"],
            out: ["T080000/T090000", "T090001/T100000", "/T090000", "T090001/"])
    }

    static let rows =
        atNine("COMPLETED", in: "VTODO") + atNine("CREATED") + atNine("DTEND") + atNine("DTSTAMP")
        + atNine("DTSTART") + atNine("DUE", in: "VTODO") + atNine("LAST-MODIFIED")
        + atNine("DTSTART", in: "VJOURNAL") + atNine("DTEND", in: "VFREEBUSY")
        + RangeCase.row(
            "DTEND by the duration", component("VEVENT", "DTSTART:20260105T090000Z", "DURATION:PT1H"),
            within: property("DTEND"), in: ["T100000/T100001"], out: ["T090000/T100000", "T100001/T110000"])
        + RangeCase.row(
            "DUE by the duration", component("VTODO", "DTSTART:20260105T090000Z", "DURATION:PT1H"),
            within: property("DUE", of: "VTODO"), in: ["T100000/T100001"],
            out: ["T090000/T100000", "T100001/T110000"])
        + RangeCase.row(
            "no DTEND", component("VEVENT", "DTSTART:20260105T090000Z"), within: property("DTEND"), in: [],
            out: ["T080000/T100000", "/T100000", "T080000/"])
        + RangeCase.row(
            "no DTEND in an alarm, although there is one in the event",
            component(
                "VEVENT", "DTSTART:20260105T090000Z", "DURATION:PT1H", "BEGIN:VALARM", "TRIGGER:-PT5M",
                "END:VALARM"),
            within:
                #"<C:comp-filter name="VEVENT"><C:comp-filter name="VALARM"><C:prop-filter name="DTEND">#</C:prop-filter></C:comp-filter></C:comp-filter>"#,
            in: [], out: ["T080000/T110000"])
        + RangeCase.row(
            "DTEND of whole days",
            component("VEVENT", "DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260107"),
            within: property("DTEND"), in: ["20260107T000000/20260107T000001"],
            out: ["T000000/20260107T000000"])
        + RangeCase.row(
            "with a parameter",
            component("VEVENT", "DTSTART;X-A=1:20260105T090000Z", "RRULE:FREQ=DAILY"),
            within: property("DTSTART", #"<C:param-filter name="X-A"/>"#),
            in: ["T090000/T090001", "20260106T090000/20260106T090001"], out: ["T090001/20260106T090000"])
        + RangeCase.row(
            "with a parameter that is not there",
            component("VEVENT", "DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY"),
            within: property("DTSTART", #"<C:param-filter name="X-A"/>"#), in: [],
            out: ["T090000/T090001", "20260106T090000/20260106T090001"])

    @Test(arguments: rows) func row(_ range: RangeCase) throws { try range.check() }

    private static let daily =
        component(
            "VEVENT", "DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "RRULE:FREQ=DAILY;COUNT=4",
            "EXDATE:20260106T090000Z", "RDATE;VALUE=PERIOD:20260201T090000Z/PT3H") + "\n"
        + component(
            "VEVENT", "RECURRENCE-ID:20260107T090000Z", "DTSTART:20260107T150000Z", "DTEND:20260107T160000Z")

    /// Every instance counts, by its own values.
    static let instances =
        RangeCase.row(
            "DTSTART", daily, within: property("DTSTART"),
            in: [
                "T090000/T090001", "20260107T150000/20260107T150001", "20260108T090000/20260108T090001",
                "20260201T090000/20260201T090001", "20260201T000000/",
            ],
            out: [
                "20260106T000000/20260107T150000", "20260107T150001/20260108T090000",
                "20260108T090001/20260201T090000", "/T090000", "20260201T090001/",
            ])
        + RangeCase.row(
            "DTEND", daily, within: property("DTEND"),
            in: [
                "T100000/T100001", "20260107T160000/20260107T160001", "20260108T100000/20260108T100001",
                "20260201T120000/20260201T120001",
            ],
            out: ["T100001/20260107T160000", "20260108T100001/20260201T120000", "/T100000"])
        + RangeCase.row(
            "effective DTEND",
            component("VEVENT", "DTSTART:20260105T090000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY"),
            within: property("DTEND"), in: ["20360105T100000/20360105T100001", "20360105T100000/"],
            out: ["20360105T090000/20360105T100000"])
        + RangeCase.row(
            "DUE", component("VTODO", "DUE:20260105T090000Z", "RRULE:FREQ=WEEKLY"),
            within: property("DUE", of: "VTODO"), in: ["20260112T090000/20260112T090001"],
            out: ["T090001/20260112T090000"])
        + RangeCase.row(
            "effective DUE",
            component("VTODO", "DTSTART:20260105T090000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"),
            within: property("DUE", of: "VTODO"), in: ["20260112T100000/20260112T100001"],
            out: ["20260112T090000/20260112T100000"])
        + RangeCase.row(
            "DTSTART of a journal", component("VJOURNAL", "DTSTART:20260105T090000Z", "RRULE:FREQ=WEEKLY"),
            within: property("DTSTART", of: "VJOURNAL"), in: ["20260112T090000/20260112T090001"],
            out: ["T090001/20260112T090000"])
        + RangeCase.row(
            "this and what follows",
            component("VEVENT", "DTSTART:20260105T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY") + "\n"
                + component(
                    "VEVENT", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260107T090000Z",
                    "DTSTART:20260107T110000Z",
                    "DURATION:PT2H"),
            within: property("DTSTART"),
            in: ["20260106T090000/20260106T090001", "20260109T110000/20260109T110001"],
            out: ["20260109T090000/20260109T110000", "20260106T090001/20260107T110000"])
        + RangeCase.row(
            "DTEND, which what follows has not, without an end",
            component("VEVENT", "DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "RRULE:FREQ=DAILY")
                + "\n"
                + component(
                    "VEVENT", "RECURRENCE-ID;RANGE=THISANDFUTURE:20260107T090000Z", "DTSTART:20260107T110000Z"
                ),
            within: property("DTEND"), in: ["20260106T000000/"], out: ["20260107T000000/"])
        + RangeCase.row(
            "a value of an override alone, without an end",
            component("VEVENT", "DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY") + "\n"
                + component(
                    "VEVENT", "RECURRENCE-ID:20260107T090000Z", "DTSTART:20260107T110000Z", "DURATION:PT1H"),
            within: property("DTEND"), in: ["T000000/", "20260107T120000/"], out: ["20260107T120001/"])
        // Only the values of the master; each instance has the same.
        + RangeCase.row(
            "CREATED",
            component("VEVENT", "CREATED:20260101T090000Z", "DTSTART:20260105T090000Z", "RRULE:FREQ=DAILY"),
            within: property("CREATED"), in: ["20260101T090000/20260101T090001"], out: ["20260102T000000/"])

    @Test(arguments: instances) func instance(_ range: RangeCase) throws { try range.check() }

    static let floating =
        RangeCase.row(
            "DTSTART, DATE", component("VEVENT", "DTSTART;VALUE=DATE:20260105"), within: property("DTSTART"),
            in: ["T050000/T050001"], out: ["T000000/T050000", "T050001/20260107T000000"])
        + RangeCase.row(
            "DTEND, DATE, daily",
            component(
                "VEVENT", "DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260106", "RRULE:FREQ=DAILY"),
            within: property("DTEND"), in: ["20260309T040000/20260309T040001"],
            out: ["20260308T050001/20260309T040000"])
        + RangeCase.row(
            "DUE, floating", component("VTODO", "DUE:20260105T090000"), within: property("DUE", of: "VTODO"),
            in: ["T140000/T140001"], out: ["T090000/T140000"])

    @Test(arguments: floating) func `floating, in the zone of the calendar`(_ range: RangeCase) throws {
        try range.check(zone: SampleZones.newYork)
    }
}
