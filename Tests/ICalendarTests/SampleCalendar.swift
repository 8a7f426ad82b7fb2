import ICalendar

/// Calendars written shortly: lines of components, one `VEVENT` (or other) for each string.
enum SampleCalendar {
    static func make(_ components: String..., kind: String = "VEVENT") throws -> Component {
        let parts = components.map { "BEGIN:\(kind)\nUID:1\n\($0)\nEND:\(kind)\n" }
        let text = "BEGIN:VCALENDAR\nVERSION:2.0\n" + parts.joined() + "END:VCALENDAR\n"
        return try CalendarParser.parse(Array(text.utf8))
    }

    static func range(_ start: String?, _ end: String?) -> TimeRange {
        TimeRange(start: start.flatMap { Instant($0.utf8) }, end: end.flatMap { Instant($0.utf8) })
    }
}
