import ICalendar
import WebDAV
import XML

@testable import CalDAV

/// The iCalendar object with these lines in it, CRLF at the end of each.
func calendar(_ lines: String) throws -> Component {
    try CalendarParser.parse(Array(object(lines).utf8))
}

/// The element that `text` describes, `C:` and `D:` being declared.
func xml(_ text: String) throws -> XMLElement {
    let root = try XMLReader.parse(
        Array(#"<r xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">\#(text)</r>"#.utf8))
    return root.elements[0]
}

/// A filter that `text` is the inside of.
func filter(_ text: String) throws -> CompFilter {
    try CompFilter(filter: try xml("<C:filter>\(text)</C:filter>"))
}

/// A filter on events that `text` is the inside of.
func eventFilter(_ text: String) throws -> CompFilter {
    try filter(
        #"<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">\#(text)</C:comp-filter></C:comp-filter>"#
    )
}

extension CompFilter {
    /// Whether the object matches, its floating times being in UTC.
    func matches(_ calendar: Component) -> Bool {
        matches(ObjectTimes(calendar, zones: ZoneResolver { _ in nil }))
    }
}
