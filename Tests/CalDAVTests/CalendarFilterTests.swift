import Testing
import WebDAV

@testable import CalDAV

@Suite("Filters of calendar-query, RFC 4791 §9.7") struct CalendarFilterTests {
    static let event = """
        BEGIN:VEVENT
        UID:1
        DTSTART:20260105T100000Z
        DTEND:20260105T110000Z
        SUMMARY:Böse Überraschung\\, bald
        CATEGORIES:Work,Plan A
        ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.com
        ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com
        X-COLOUR:blue
        BEGIN:VALARM
        ACTION:DISPLAY
        TRIGGER:-PT10M
        END:VALARM
        END:VEVENT
        """

    @Test(
        arguments: [
            (#""#, true),
            (#"<C:prop-filter name="SUMMARY"/>"#, true),
            (#"<C:prop-filter name="summary"/>"#, true),
            (#"<C:prop-filter name="LOCATION"/>"#, false),
            (#"<C:prop-filter name="LOCATION"><C:is-not-defined/></C:prop-filter>"#, true),
            (#"<C:prop-filter name="SUMMARY"><C:is-not-defined/></C:prop-filter>"#, false),
            (#"<C:prop-filter name="X-COLOUR"><C:text-match>LUE</C:text-match></C:prop-filter>"#, true),
            (#"<C:prop-filter name="SUMMARY"><C:text-match>BöSE</C:text-match></C:prop-filter>"#, true),
            (#"<C:prop-filter name="SUMMARY"><C:text-match>BÖSE</C:text-match></C:prop-filter>"#, false),
            (
                #"<C:prop-filter name="SUMMARY"><C:text-match collation="i;unicode-casemap">BÖSE</C:text-match></C:prop-filter>"#,
                true
            ),
            (
                #"<C:prop-filter name="SUMMARY"><C:text-match collation="i;octet">böse</C:text-match></C:prop-filter>"#,
                false
            ),
            (#"<C:prop-filter name="SUMMARY"><C:text-match>, bald</C:text-match></C:prop-filter>"#, true),
            (#"<C:prop-filter name="CATEGORIES"><C:text-match>plan a</C:text-match></C:prop-filter>"#, true),
            // The value of a list is one text.
            (#"<C:prop-filter name="CATEGORIES"><C:text-match>k,plan</C:text-match></C:prop-filter>"#, true),
            // One of several properties is enough, negated too.
            (
                #"<C:prop-filter name="ATTENDEE"><C:text-match negate-condition="yes">ana</C:text-match></C:prop-filter>"#,
                true
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:text-match negate-condition="yes">mailto:</C:text-match></C:prop-filter>"#,
                false
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:param-filter name="PARTSTAT"><C:text-match negate-condition="yes">accepted</C:text-match></C:param-filter></C:prop-filter>"#,
                true
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:param-filter name="RSVP"><C:text-match negate-condition="yes">TRUE</C:text-match></C:param-filter></C:prop-filter>"#,
                false
            ),
            (
                #"<C:prop-filter name="SUMMARY"><C:text-match collation="i;octet" negate-condition="yes">böse</C:text-match></C:prop-filter>"#,
                true
            ),
            (#"<C:prop-filter name="X-COLOUR"><C:is-not-defined/></C:prop-filter>"#, false),
            (#"<C:comp-filter name="VALARM"><C:prop-filter name="TRIGGER"/></C:comp-filter>"#, true),
            (
                #"<C:comp-filter name="VALARM"><C:prop-filter name="REPEAT"><C:is-not-defined/></C:prop-filter></C:comp-filter>"#,
                true
            ),
            (
                #"<C:comp-filter name="VALARM"><C:prop-filter name="ACTION"><C:is-not-defined/></C:prop-filter></C:comp-filter>"#,
                false
            ),
            (#"<C:comp-filter name="X-PART"/>"#, false),
            (#"<C:comp-filter name="X-PART"><C:is-not-defined/></C:comp-filter>"#, true),
            (
                #"<C:prop-filter name="CATEGORIES"><C:text-match negate-condition="yes">work</C:text-match></C:prop-filter>"#,
                false
            ),
            (
                #"<C:prop-filter name="STATUS"><C:text-match negate-condition="yes">X</C:text-match></C:prop-filter>"#,
                false
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:text-match>bob</C:text-match><C:param-filter name="PARTSTAT"><C:text-match>needs-action</C:text-match></C:param-filter></C:prop-filter>"#,
                true
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:text-match>ana</C:text-match><C:param-filter name="PARTSTAT"><C:text-match>needs-action</C:text-match></C:param-filter></C:prop-filter>"#,
                false
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:param-filter name="RSVP"><C:is-not-defined/></C:param-filter></C:prop-filter>"#,
                true
            ),
            (
                #"<C:prop-filter name="ATTENDEE"><C:param-filter name="RSVP"/></C:prop-filter>"#,
                false
            ),
            (#"<C:comp-filter name="VALARM"/>"#, true),
            (#"<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>"#, false),
            (
                #"<C:comp-filter name="VALARM"><C:prop-filter name="ACTION"><C:text-match>AUDIO</C:text-match></C:prop-filter></C:comp-filter>"#,
                false
            ),
            // All conditions together, on one component.
            (#"<C:prop-filter name="SUMMARY"/><C:prop-filter name="LOCATION"/>"#, false),
        ])
    func `a filter on events`(_ text: String, _ isMatch: Bool) throws {
        #expect(try eventFilter(text).matches(try calendar(Self.event)) == isMatch)
    }

    @Test func `a component that is not there can be asked for`() throws {
        let noTodo = try filter(
            #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"><C:is-not-defined/></C:comp-filter></C:comp-filter>"#
        )
        let event = try calendar(Self.event)
        let todo = try calendar("BEGIN:VTODO\nUID:1\nEND:VTODO")
        #expect(noTodo.matches(event))
        #expect(!noTodo.matches(todo))
    }

    @Test func `a property on VCALENDAR may be that of one component in it`() throws {
        let event = try calendar(Self.event)
        let matches = { (inside: String) in
            try filter(#"<C:comp-filter name="VCALENDAR">\#(inside)</C:comp-filter>"#).matches(event)
        }
        let work = #"<C:prop-filter name="CATEGORIES"><C:text-match>work</C:text-match></C:prop-filter>"#
        #expect(try matches(work))
        #expect(try matches(work + #"<C:prop-filter name="VERSION"/>"#))
        #expect(try !matches(work + #"<C:prop-filter name="LOCATION"/>"#))
        #expect(try matches(#"<C:prop-filter name="METHOD"><C:is-not-defined/></C:prop-filter>"#))
        #expect(try !matches(#"<C:prop-filter name="VERSION"><C:is-not-defined/></C:prop-filter>"#))
    }

    @Test(
        arguments: [
            "",
            #"<C:comp-filter name="VEVENT"/>"#,
            #"<C:comp-filter/>"#,
            #"<C:comp-filter name="VCALENDAR"/><C:comp-filter name="VCALENDAR"/>"#,
            #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VALARM"/></C:comp-filter>"#,
            #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"><C:comp-filter name="VEVENT"/></C:comp-filter></C:comp-filter>"#,
            #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTIMEZONE"><C:time-range start="20260101T000000Z"/></C:comp-filter></C:comp-filter>"#,
            #"<C:comp-filter name="VCALENDAR"><C:nonsense/></C:comp-filter>"#,
        ])
    func `an outline that cannot be is not valid`(_ text: String) {
        #expect(condition { _ = try filter(text) } == .calDAV("valid-filter"))
    }

    @Test(
        arguments: [
            "<C:time-range/>",
            #"<C:time-range start="20260101T000000"/>"#,
            #"<C:time-range start="20260101"/>"#,
            #"<C:time-range start="soon"/>"#,
            #"<C:time-range start="20260102T000000Z" end="20260101T000000Z"/>"#,
            #"<C:time-range start="20260101T000000Z" end="20260101T000000Z"/>"#,
            #"<C:time-range start="20260101T000000Z"/><C:time-range start="20260101T000000Z"/>"#,
            #"<C:is-not-defined/><C:prop-filter name="UID"/>"#,
            #"<C:prop-filter/>"#,
            #"<C:prop-filter name="SUMMARY"><C:time-range start="20260101T000000Z"/></C:prop-filter>"#,
            #"<C:prop-filter name="UID"><C:text-match>a</C:text-match><C:text-match>b</C:text-match></C:prop-filter>"#,
            #"<C:prop-filter name="UID"><C:is-not-defined/><C:param-filter name="X"/></C:prop-filter>"#,
            #"<C:prop-filter name="UID"><C:text-match negate-condition="perhaps">a</C:text-match></C:prop-filter>"#,
            #"<C:prop-filter name="UID"><C:comp-filter name="VALARM"/></C:prop-filter>"#,
            #"<C:prop-filter name="UID"><C:param-filter name="X"><C:is-not-defined/><C:text-match>a</C:text-match></C:param-filter></C:prop-filter>"#,
        ])
    func `a test that makes no sense is not valid`(_ text: String) {
        #expect(condition { _ = try eventFilter(text) } == .calDAV("valid-filter"))
    }

    @Test func `only known collations are supported`() throws {
        let text = { (collation: String) in
            #"<C:prop-filter name="UID"><C:text-match collation="\#(collation)">1</C:text-match></C:prop-filter>"#
        }
        #expect(condition { _ = try eventFilter(text("i;klingon")) } == .calDAV("supported-collation"))
        #expect(try eventFilter(text("default")).matches(try calendar(Self.event)))
    }

    /// The condition that `body` violates.
    private func condition(_ body: () throws -> Void) -> Condition? {
        do {
            try body()
            return nil
        } catch {
            return (error as? DAVError)?.condition
        }
    }
}
