import ICalendar
import Testing

@testable import CalDAV

@Suite("Time ranges in filters, RFC 4791 §9.9") struct TimeRangeFilterTests {
    private func matches(_ lines: String, _ filter: String) throws -> Bool {
        try CalDAVTests.filter(#"<C:comp-filter name="VCALENDAR">\#(filter)</C:comp-filter>"#).matches(
            try calendar(lines))
    }

    private func range(_ start: String, _ end: String) -> String {
        #"<C:time-range start="\#(start)" end="\#(end)"/>"#
    }

    static let daily = """
        BEGIN:VEVENT
        UID:1
        SUMMARY:Stand-up
        DTSTART:20260105T100000Z
        DURATION:PT1H
        RRULE:FREQ=DAILY;COUNT=5
        EXDATE:20260106T100000Z
        END:VEVENT
        BEGIN:VEVENT
        UID:1
        SUMMARY:Long stand-up
        RECURRENCE-ID:20260107T100000Z
        DTSTART:20260107T150000Z
        DURATION:PT2H
        END:VEVENT
        """

    @Test(
        arguments: [
            ("20260105T103000Z", "20260105T104000Z", "", true),
            ("20260106T000000Z", "20260107T000000Z", "", false),
            ("20260107T100000Z", "20260107T110000Z", "", false),
            ("20260107T163000Z", "20260107T164000Z", "", true),
            ("20260109T103000Z", "20260109T104000Z", "", true),
            ("20260110T000000Z", "20260112T000000Z", "", false),
            // The condition is on the component whose instance overlaps.
            ("20260107T000000Z", "20260108T000000Z", "Long", true),
            ("20260108T000000Z", "20260109T000000Z", "Long", false),
        ])
    func `instances and overrides of a recurring event`(
        _ start: String, _ end: String, _ summary: String, _ expected: Bool
    ) throws {
        let filter = """
            <C:comp-filter name="VEVENT">\(range(start, end))
            <C:prop-filter name="SUMMARY"><C:text-match>\(summary)</C:text-match></C:prop-filter></C:comp-filter>
            """
        #expect(try matches(Self.daily, filter) == expected)
    }

    @Test func `on VCALENDAR a time range is about whatever the calendar holds`() throws {
        #expect(try matches(Self.daily, range("20260105T103000Z", "20260105T104000Z")))
        #expect(try !matches(Self.daily, range("20260106T000000Z", "20260107T000000Z")))
    }

    static let alarmed = """
        BEGIN:VEVENT
        UID:1
        DTSTART:20260105T100000Z
        DTEND:20260105T110000Z
        RRULE:FREQ=WEEKLY
        BEGIN:VALARM
        TRIGGER:-PT15M
        REPEAT:2
        DURATION:PT5M
        END:VALARM
        BEGIN:VALARM
        TRIGGER;RELATED=END:PT0S
        END:VALARM
        BEGIN:VALARM
        TRIGGER;VALUE=DATE-TIME:20260101T000000Z
        END:VALARM
        END:VEVENT
        """

    @Test(
        arguments: [
            ("20260105T094500Z", "20260105T094501Z", true),
            ("20260105T094501Z", "20260105T095000Z", false),
            ("20260105T095000Z", "20260105T095001Z", true),
            ("20260105T095500Z", "20260105T095501Z", true),
            ("20260105T095501Z", "20260105T110000Z", false),
            ("20260105T110000Z", "20260105T110001Z", true),
            ("20260112T094500Z", "20260112T094501Z", true),
            ("20260101T000000Z", "20260101T000001Z", true),
            ("20260101T000001Z", "20260102T000000Z", false),
        ])
    func `alarms ring at each instance, and again`(_ start: String, _ end: String, _ expected: Bool) throws {
        let filter =
            #"<C:comp-filter name="VEVENT"><C:comp-filter name="VALARM">\#(range(start, end))</C:comp-filter></C:comp-filter>"#
        #expect(try matches(Self.alarmed, filter) == expected)
    }

    @Test(
        arguments: [
            ("DTSTAMP", "20260101T000000Z", "20260101T000001Z", true),
            ("DTSTAMP", "20251231T000000Z", "20260101T000000Z", false),
            ("DTSTART", "20260105T000000Z", "20260105T120000Z", true),
            ("DTEND", "20260105T110000Z", "20260105T110001Z", true),
            ("DTEND", "20260105T100000Z", "20260105T110000Z", false),
            ("COMPLETED", "20260101T000000Z", "20270101T000000Z", false),
        ])
    func `values of properties`(
        _ property: String, _ start: String, _ end: String, _ expected: Bool
    ) throws {
        let event = """
            BEGIN:VEVENT
            DTSTAMP:20260101T000000Z
            DTSTART:20260105T100000Z
            DURATION:PT1H
            END:VEVENT
            """
        let filter =
            #"<C:comp-filter name="VEVENT"><C:prop-filter name="\#(property)">\#(range(start, end))</C:prop-filter></C:comp-filter>"#
        #expect(try matches(event, filter) == expected)
    }

    @Test(
        arguments: [
            ("BEGIN:VTODO\nEND:VTODO", true),
            ("BEGIN:VTODO\nDUE:20260105T000000Z\nEND:VTODO", false),
            ("BEGIN:VTODO\nDUE:20260106T000000Z\nEND:VTODO", true),
            ("BEGIN:VTODO\nCOMPLETED:20260106T000000Z\nEND:VTODO", true),
            ("BEGIN:VTODO\nCOMPLETED:20260107T000000Z\nEND:VTODO", false),
            ("BEGIN:VTODO\nCREATED:20260101T000000Z\nEND:VTODO", true),
        ])
    func `to-dos`(_ todo: String, _ expected: Bool) throws {
        let filter =
            #"<C:comp-filter name="VTODO">\#(range("20260105T000000Z", "20260106T000000Z"))</C:comp-filter>"#
        #expect(try matches(todo, filter) == expected)
    }

    @Test func `available times recur within an availability`() throws {
        let availability = """
            BEGIN:VAVAILABILITY
            UID:1
            BEGIN:AVAILABLE
            UID:2
            DTSTART:20260105T090000Z
            DTEND:20260105T170000Z
            RRULE:FREQ=WEEKLY
            END:AVAILABLE
            END:VAVAILABILITY
            """
        let filter = { (range: String) in
            #"<C:comp-filter name="VAVAILABILITY"><C:comp-filter name="AVAILABLE">\#(range)</C:comp-filter></C:comp-filter>"#
        }
        #expect(try matches(availability, filter(range("20260112T100000Z", "20260112T110000Z"))))
        #expect(try !matches(availability, filter(range("20260113T100000Z", "20260113T110000Z"))))
    }
}
