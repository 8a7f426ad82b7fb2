import ContentLine
import ICalendar
import Testing

@Suite("Calendars, RFC 5545 §3.4") struct CalendarParserTests {
    @Test func `a calendar prints back byte for byte`() throws {
        let text =
            "\u{FEFF}\r\nBEGIN:VCALENDAR\r\nX-A;b=c:1\nbegin:vevent\rSUMMARY:ab\r\n c\r\n\r\nEnd:Vevent\r\n"
            + "X-LAST:2\r\nEND:VCALENDAR \n\n"
        let calendar = try CalendarParser.parse(Array(text.utf8))
        #expect(CalendarWriter.bytes(of: calendar) == Array(text.utf8))
        #expect(calendar.components.first?.property("SUMMARY")?.value == "abc")
        #expect(calendar.properties.count == 2)
    }

    @Test func `a changed line is written anew and the others as they were`() throws {
        let text =
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\n b\nUID:1\nEND:VEVENT\nX-LAST:2\nEND:VCALENDAR\n"
        var calendar = try CalendarParser.parse(Array(text.utf8))
        calendar.components[0].setProperty(ContentLine(name: "UID", value: "2"))
        let expected = text.replacing("UID:1\n", with: "UID:2\r\n")
        #expect(CalendarWriter.bytes(of: calendar) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("", CalendarParseError.Reason.empty, 1),
        ("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", .mismatchedEnd, 2),
        ("BEGIN:VCALENDAR\r\n", .unclosedComponent, 2),
        ("VERSION:2.0\r\n", .outsideComponent, 1),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", .severalComponents, 3),
        ("BEGIN:VCALENDAR\r\nno colon\r\nEND:VCALENDAR\r\n", .line(.malformedName), 2),
        ("BEGIN:VCALENDAR\r\nA:\0\r\nEND:VCALENDAR\r\n", .line(.nulByte), 2),
    ])
    func `what is no calendar is refused with its line`(
        text: String, reason: CalendarParseError.Reason, line: Int
    ) {
        #expect(throws: CalendarParseError(line: line, reason: reason)) {
            try CalendarParser.parse(Array(text.utf8))
        }
    }
}
