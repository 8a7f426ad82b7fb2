internal import ContentLine
public import ICalendar

/// A scheduling message: a calendar object with a method (RFC 5546 §3).
public struct ITIPMessage: Hashable, Sendable {
    /// What it is for.
    public let method: ITIPMethod
    /// What it says, `METHOD` included.
    public let object: CalendarObject

    /// Reads a message.
    ///
    /// - Throws: `CalendarObjectError` when it is no calendar, has no `METHOD` of iTIP, or lacks what all methods need.
    public init(_ bytes: [UInt8], limits: CalendarLimits = .default) throws(CalendarObjectError) {
        let calendar: Component
        do {
            calendar = try CalendarParser.parse(bytes, limits: limits)
        } catch {
            throw .invalidData(reason: error.reason.description, line: error.line)
        }
        try self.init(calendar)
    }

    /// Checks a message that was read or made elsewhere.
    ///
    /// - Throws: `CalendarObjectError`.
    public init(_ calendar: Component) throws(CalendarObjectError) {
        object = try CalendarObject(message: calendar)
        let name = calendar.property("METHOD")?.value ?? ""
        guard let method = ITIPMethod(name: name) else {
            throw .invalidObject(reason: "METHOD is \(name), which is none of iTIP")
        }
        self.method = method
        // RFC 5546 §3.2, §3.4: all but published objects of others name who organizes.
        guard method == .publish || object.organizer != nil else {
            throw .invalidObject(reason: "a \(method.rawValue) without ORGANIZER")
        }
        // RFC 5546 §3.2.3, §3.2.7: an answer is that of one attendee.
        if method == .reply || method == .counter || method == .refresh {
            guard object.components.allSatisfy({ !$0.attendeeLines.isEmpty }) else {
                throw .invalidObject(reason: "a \(method.rawValue) without ATTENDEE")
            }
        }
    }

    /// The message as it is sent.
    public var bytes: [UInt8] { CalendarWriter.bytes(of: object.calendar) }
}

extension CalendarObject {
    /// The address of the organizer, the same in all components; nil when no component has one.
    public var organizer: CalendarUserAddress? {
        components.lazy.compactMap(\.organizerLine).first.map { CalendarUserAddress($0.value) }
    }

    /// The addresses of all attendees of all components, each once, in order.
    public var attendees: [CalendarUserAddress] {
        var seen: Set<CalendarUserAddress> = []
        return components.flatMap(\.attendeeLines).map { CalendarUserAddress($0.value) }.filter {
            seen.insert($0).inserted
        }
    }
}
