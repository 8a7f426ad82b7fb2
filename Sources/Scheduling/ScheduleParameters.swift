internal import ContentLine
internal import ICalendar

/// Who sends messages to a calendar user: the parameter `SCHEDULE-AGENT` (RFC 6638 §7.1).
enum ScheduleAgent {
    /// This server.
    case server
    /// The client.
    case client
    /// Nobody.
    case none
}

extension ContentLine {
    /// The agent of an `ORGANIZER` or `ATTENDEE`.
    var scheduleAgent: ScheduleAgent {
        guard let value = parameter("SCHEDULE-AGENT")?.values.first else { return .server }
        if value.isName("SERVER") { return .server }
        // RFC 6638 §7.1: values that are not known are as NONE.
        return value.isName("CLIENT") ? .client : .none
    }

    /// The participation status in capitals, `NEEDS-ACTION` unless said otherwise (RFC 5545 §3.2.12).
    var partStat: String {
        parameter("PARTSTAT")?.values.first?.uppercased() ?? "NEEDS-ACTION"
    }

    /// The addresses in a parameter such as `DELEGATED-TO`.
    func addresses(_ parameterName: String) -> [CalendarUserAddress] {
        parameter(parameterName)?.values.map { CalendarUserAddress($0) } ?? []
    }

    /// Sets a parameter, or removes it with nil; a line that would not change is not touched.
    mutating func set(_ parameterName: String, _ value: String?) {
        let current = parameter(parameterName)
        guard let value else {
            if current != nil { parameters.removeAll { $0.isNamed(parameterName) } }
            return
        }
        if let current, current.values.count == 1, current.values[0].hasSameBytes(as: value) { return }
        let parameter = Parameter(name: parameterName, values: [value])
        if let index = parameters.firstIndex(where: { $0.isNamed(parameterName) }) {
            parameters[index] = parameter
        } else {
            parameters.append(parameter)
        }
    }
}

extension Component {
    /// The `ORGANIZER` line.
    var organizerLine: ContentLine? { property("ORGANIZER") }

    /// The `ATTENDEE` lines.
    var attendeeLines: [ContentLine] { properties("ATTENDEE") }

    /// The first line of an attendee with one of the addresses.
    func attendeeLine(_ addresses: Set<CalendarUserAddress>) -> ContentLine? {
        properties.first { $0.isNamed("ATTENDEE") && addresses.contains(CalendarUserAddress($0.value)) }
    }

    /// Changes the lines of attendees with one of the addresses; whether there was one.
    @discardableResult
    mutating func changeAttendee(
        _ addresses: Set<CalendarUserAddress>, _ change: (inout ContentLine) -> Void
    ) -> Bool {
        var found = false
        for index in properties.indices
        where properties[index].isNamed("ATTENDEE")
            && addresses.contains(CalendarUserAddress(properties[index].value))
        {
            change(&properties[index])
            found = true
        }
        return found
    }

    /// The value of `SEQUENCE`, 0 unless given (RFC 5545 §3.8.7.4).
    var sequence: Int { property("SEQUENCE").flatMap { Int($0.value.trimmingBlanks) } ?? 0 }

    /// When the message or object was made (RFC 5545 §3.8.7.2).
    var stamp: Instant? { property("DTSTAMP").flatMap { Instant(Array($0.value.trimmingBlanks.utf8)) } }
}
