internal import ContentLine
internal import ICalendar

/// What a person wants to know of a calendar object in a mail.
struct InvitationDetails: Hashable {
    /// What stands in a line of its own, in order: the words before the colon, and those after it.
    struct Line: Hashable {
        let label: String
        let value: String
    }

    var method = ""
    var uid = ""
    /// `VEVENT` or another.
    var component = "VEVENT"
    var title = "(no title)"
    var isCancelled = false
    var lines: [Line] = []
    /// What the attendee answers, for a reply: the value of PARTSTAT.
    var participation: String?
    var comment: String?

    /// Reads the details; nil for what is no calendar with something in it.
    init?(_ bytes: [UInt8]) {
        let calendar: Component
        do { calendar = try CalendarParser.parse(bytes) } catch { return nil }
        let components = calendar.components.filter { !$0.isNamed("VTIMEZONE") }
        guard let main = components.first(where: { $0.property("RECURRENCE-ID") == nil }) ?? components.first
        else { return nil }
        method = (calendar.property("METHOD")?.value ?? "").trimmingBlanks.uppercased()
        uid = main.uid ?? ""
        component = main.name.uppercased()
        if let summary = main.text("SUMMARY"), !summary.isEmpty { title = summary }
        isCancelled = main.property("STATUS")?.value.isName("CANCELLED") ?? false
        if method == "REPLY" || method == "COUNTER" {
            participation = main.property("ATTENDEE")?.parameter("PARTSTAT")?.values.first?.uppercased()
            comment = main.text("COMMENT")
        }
        add("When", Self.when(main))
        if main.property("RECURRENCE-ID") != nil {
            lines.append(Line(label: "Only", value: "this one of a series"))
        }
        add("Repeats", main.property("RRULE").flatMap { RecurrenceWords.text($0) })
        if components.count > 1 {
            let count = components.count - 1
            lines.append(
                Line(
                    label: "Exceptions",
                    value: "\(count) of the series \(count == 1 ? "is" : "are") different"))
        }
        add("Where", main.text("LOCATION"))
        add("Organizer", main.property("ORGANIZER").map(Self.person))
        add("Attendees", Self.attendees(main))
        add("Description", main.text("DESCRIPTION"))
    }

    private mutating func add(_ label: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append(Line(label: label, value: value))
    }

    private static func when(_ component: Component) -> String? {
        let start = component.property("DTSTART").flatMap { DateTimeValue($0) }
        let end = component.property(component.isNamed("VTODO") ? "DUE" : "DTEND").flatMap {
            DateTimeValue($0)
        }
        let duration = component.property("DURATION").flatMap { ICalendarDuration($0.value.utf8) }
        guard let start else { return end.map { "until " + TimeWords.text($0) } }
        if let end { return TimeWords.text(from: start, to: end) }
        guard let duration, !duration.isNegative, duration.nominalSeconds > 0 else {
            return TimeWords.text(start)
        }
        return TimeWords.text(
            from: start, to: start.with(local: start.local.adding(seconds: duration.nominalSeconds)))
    }

    private static func person(_ line: ContentLine) -> String {
        let address = address(line.value)
        guard let name = line.parameter("CN")?.values.first, !name.isEmpty, !name.hasSameBytes(as: address)
        else { return address }
        return "\(name) <\(address)>"
    }

    /// A calendar user address without its scheme.
    static func address(_ value: String) -> String {
        let text = value.trimmingBlanks
        return String(text.utf8.prefix(7)).map { $0.isName("MAILTO:") } == true
            ? String(text.utf8.dropFirst(7)) ?? text : text
    }

    private static let most = 30

    private static func attendees(_ component: Component) -> String? {
        let all = component.properties("ATTENDEE")
        guard !all.isEmpty else { return nil }
        let more = all.count > most ? [" and \(all.count - most) more"] : []
        return (all.prefix(most).map(person) + more).joined(separator: ", ")
    }
}
