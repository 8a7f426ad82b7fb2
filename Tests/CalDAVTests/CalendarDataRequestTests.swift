import ICalendar
import Testing
import WebDAV
import XML

@testable import CalDAV

@Suite("Partial retrieval, RFC 4791 §9.6") struct CalendarDataRequestTests {
    static let event = """
        PRODID:-//Example//EN
        BEGIN:VTIMEZONE
        TZID:Home
        BEGIN:STANDARD
        DTSTART:20000101T000000
        END:STANDARD
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:1
        DTSTART;TZID=Home:20260105T100000
        SUMMARY;LANGUAGE=en:Dinner
        BEGIN:VALARM
        TRIGGER:-PT10M
        END:VALARM
        END:VEVENT
        """

    private func request(_ inside: String) throws -> CalendarDataRequest {
        try CalendarDataRequest(
            try xml("<C:calendar-data>\(inside)</C:calendar-data>"), CalendarServices { _ in nil })
    }

    private func lines(_ inside: String) throws -> [Substring] {
        let part = try request(inside).apply(
            to: try calendar(Self.event), zones: ZoneResolver { _ in nil })
        return String(decoding: CalendarWriter.bytes(of: part), as: UTF8.self).split(separator: "\r\n")
    }

    @Test func `an empty comp is the whole component, and a name that is absent is left out`() throws {
        let inside = """
            <C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:prop name="METHOD"/><C:comp name="VTIMEZONE"/>
            <C:comp name="VEVENT"><C:prop name="UID"/><C:prop name="LOCATION"/></C:comp></C:comp>
            """
        #expect(
            try lines(inside) == [
                "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VTIMEZONE", "TZID:Home", "BEGIN:STANDARD",
                "DTSTART:20000101T000000", "END:STANDARD", "END:VTIMEZONE", "BEGIN:VEVENT", "UID:1",
                "END:VEVENT", "END:VCALENDAR",
            ])
    }

    @Test func `allprop and allcomp are everything, novalue leaves the value out`() throws {
        let inside = """
            <C:comp name="VCALENDAR"><C:comp name="VEVENT"><C:prop name="SUMMARY" novalue="yes"/><C:allcomp/>
            </C:comp></C:comp>
            """
        #expect(
            try lines(inside) == [
                "BEGIN:VCALENDAR", "BEGIN:VEVENT", "SUMMARY;LANGUAGE=en:", "BEGIN:VALARM", "TRIGGER:-PT10M",
                "END:VALARM", "END:VEVENT", "END:VCALENDAR",
            ])
        let all = #"<C:comp name="VCALENDAR"><C:allprop/><C:allcomp/></C:comp>"#
        #expect(
            try lines(all)
                == String(
                    decoding: CalendarWriter.bytes(of: try calendar(Self.event)), as: UTF8.self
                ).split(separator: "\r\n"))
    }

    @Test(
        arguments: [
            #"<C:calendar-data content-type="application/json"/>"#,
            #"<C:calendar-data content-type="text/calendar" version="1.0"/>"#,
        ])
    func `other media types are not supported`(_ text: String) throws {
        let element = try xml(text)
        do {
            _ = try CalendarDataRequest(element, CalendarServices { _ in nil })
            Issue.record("the media type was accepted")
        } catch {
            #expect(error.condition == .calDAV("supported-calendar-data"))
        }
    }

    @Test func `parameters of the media type do not matter`() throws {
        let element = try xml(
            #"<C:calendar-data content-type="text/calendar; charset=utf-8" version="2.0"/>"#)
        #expect(try CalendarDataRequest(element, CalendarServices { _ in nil }).isVerbatim)
    }

    @Test(
        arguments: [
            #"<C:expand start="20260101T000000Z"/>"#,
            #"<C:expand start="20260102T000000Z" end="20260101T000000Z"/>"#,
            #"<C:limit-recurrence-set start="x" end="y"/>"#,
            #"<C:comp/>"#,
            #"<C:comp name="VEVENT"/>"#,
            #"<C:expand start="20260101T000000Z" end="20260102T000000Z"/><C:limit-recurrence-set start="20260101T000000Z" end="20260102T000000Z"/>"#,
        ])
    func `a request that makes no sense is refused`(_ inside: String) {
        #expect(throws: DAVError.self) { _ = try request(inside) }
    }
}
