internal import ContentLine
public import ICalendar

/// What messages are made in: the time, the program, and the time zones.
public struct SchedulingSession {
    /// The `DTSTAMP` of messages that are made (RFC 6638 §3.2.5).
    public let stamp: Instant
    /// The `PRODID` of messages that are made.
    public let product: String
    /// The zones that objects name.
    public let zones: ZoneResolver
    /// How much work the recurrences of one object may make.
    public let limits: RecurrenceLimits

    /// Makes a session.
    public init(
        stamp: Instant, product: String, zones: ZoneResolver, limits: RecurrenceLimits = RecurrenceLimits()
    ) {
        self.stamp = stamp
        self.product = product
        self.zones = zones
        self.limits = limits
    }

    /// An object with its instances.
    func series(_ object: CalendarObject) -> ObjectSeries { ObjectSeries(object, self) }

    /// A message of components that come from `source`, with the time zones they name.
    ///
    /// Nil when there are none, or they make no message.
    func message(_ method: ITIPMethod, _ components: [Component], from source: CalendarObject) -> ITIPMessage?
    {
        guard !components.isEmpty else { return nil }
        var calendar = Component(
            name: "VCALENDAR",
            properties: [
                ContentLine(name: "VERSION", value: "2.0"), ContentLine(name: "PRODID", value: product),
                ContentLine(name: "METHOD", value: method.rawValue),
            ])
        let used = Set(components.flatMap(\.namedZones))
        calendar.components = source.calendar.components("VTIMEZONE").filter {
            used.contains($0.property("TZID")?.value ?? "")
        }
        calendar.components += components.map { component in
            var stamped = component
            stamped.setProperty(ContentLine(name: "DTSTAMP", value: stamp.description))
            return stamped
        }
        // A message is made of an object that was checked, so what is wrong with it is wrong for every recipient.
        do { return try ITIPMessage(calendar) } catch { return nil }
    }
}

extension Component {
    /// The zones that its properties name.
    fileprivate var namedZones: [String] {
        properties.compactMap(\.tzid) + components.flatMap(\.namedZones)
    }
}

/// A message and whom it is for.
public struct ScheduledMessage: Hashable, Sendable {
    /// The address it comes from, as one of the object's lines has it.
    public let originator: CalendarUserAddress
    /// The address it goes to.
    public let recipient: CalendarUserAddress
    /// What it says.
    public let message: ITIPMessage

    /// Makes it of its parts.
    public init(originator: CalendarUserAddress, recipient: CalendarUserAddress, message: ITIPMessage) {
        self.originator = originator
        self.recipient = recipient
        self.message = message
    }
}

/// Why a change may not be made (RFC 6638 §3.2.4).
public enum SchedulingConflict: Error, Hashable, Sendable {
    /// `CALDAV:same-organizer-in-all-components`.
    case severalOrganizers
    /// `CALDAV:allowed-organizer-scheduling-object-change`.
    case organizerChange(reason: String)
    /// `CALDAV:allowed-attendee-scheduling-object-change`.
    case attendeeChange(reason: String)
}
