/// An iTIP message on its way to somebody who has no calendar here (RFC 6047).
public struct OutgoingMessage: Hashable, Sendable {
    /// On whose behalf: the organizer, or for a reply the attendee.
    public var sender: Mailbox
    /// To whom.
    public var recipient: Mailbox
    /// The iCalendar object as it is to arrive, with its `METHOD`.
    public var calendar: [UInt8]
    /// The iCalendar object that the recipient was sent before, for the words about what has changed.
    ///
    /// Empty when there is none.
    public var previous: [UInt8]

    /// Makes a message.
    public init(sender: Mailbox, recipient: Mailbox, calendar: [UInt8], previous: [UInt8] = []) {
        self.sender = sender
        self.recipient = recipient
        self.calendar = calendar
        self.previous = previous
    }
}
