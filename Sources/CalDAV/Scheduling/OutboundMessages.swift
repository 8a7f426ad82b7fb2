public import Scheduling
public import Store

/// A scheduling message for somebody who is no principal of this server.
public struct OutboundMessage: Sendable {
    /// The same for the same message, however often it is handed over: ASCII letters, digits and hyphens.
    public let id: String
    /// The principal on whose behalf it is sent.
    public let principal: StorePath
    /// The address it comes from, as the object has it.
    public let originator: CalendarUserAddress
    /// The address it goes to.
    public let recipient: CalendarUserAddress
    /// What it says.
    public let message: ITIPMessage
    /// Seconds since 1970-01-01T00:00:00Z when it was made.
    public let madeAt: Int64

    /// Makes a message.
    public init(
        id: String, principal: StorePath, originator: CalendarUserAddress, recipient: CalendarUserAddress,
        message: ITIPMessage, madeAt: Int64
    ) {
        self.id = id
        self.principal = principal
        self.originator = originator
        self.recipient = recipient
        self.message = message
        self.madeAt = madeAt
    }
}

/// The way out of the server for scheduling messages, such as mail (RFC 6047).
public protocol OutboundMessages: AnyObject {
    /// Whether messages can leave at all; `calendar-auto-schedule` is promised to the one principal of a server only then.
    var isOpen: Bool { get }

    /// What becomes of a message between these two: `sent` or `pending` when it will go, else why it will not.
    ///
    /// Asked before a change is made, so it must be quick and change nothing.
    func status(from originator: CalendarUserAddress, to recipient: CalendarUserAddress) -> ScheduleStatus

    /// Takes a message over; when this returns it will be sent, whatever happens to this process.
    ///
    /// Called after the change that it tells of is stored, and again with the same `id` when nobody knows whether it was
    /// called before: that must not make a second message, also when the first is long sent. Recipients whose `status`
    /// was no delivery are not handed over.
    func send(_ message: OutboundMessage) throws(StoreError)
}

/// No way out: mail is off.
public final class NoOutboundMessages: OutboundMessages {
    /// False.
    public var isOpen: Bool { false }

    /// Makes it.
    public init() {}

    /// Nobody who is not on this server can be reached: 5.2, as nobody looked for the address (RFC 6638 §3.2.9); 3.7 for what is
    /// no address that mail could have.
    public func status(
        from originator: CalendarUserAddress, to recipient: CalendarUserAddress
    ) -> ScheduleStatus {
        recipient.mailAddress == nil ? .invalidCalendarUser : .noRoute
    }

    /// Never called, as no status is a delivery.
    public func send(_ message: OutboundMessage) {}
}
