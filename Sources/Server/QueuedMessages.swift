public import CalDAV
internal import ContentLine
internal import ICalendar
internal import MailQueue
public import Scheduling
public import Store

/// The way out by mail (RFC 6047): messages are left in the queue, from which another process sends them.
public final class QueuedMessages: OutboundMessages {
    private let queue: OutgoingQueue

    /// Uses the queue of a configuration's data root.
    public init(_ configuration: Configuration) {
        queue = OutgoingQueue(root: configuration.directory, fsync: !configuration.noFsync)
    }

    /// True.
    public var isOpen: Bool { true }

    /// Mail goes from an address of mail to another one, and what becomes of it is not known: 1.1 (RFC 6638 §3.2.9).
    public func status(
        from originator: CalendarUserAddress, to recipient: CalendarUserAddress
    ) -> ScheduleStatus {
        guard recipient.mailAddress != nil else { return .invalidCalendarUser }
        // No mail to oneself.
        guard originator.mailAddress != nil, originator != recipient else { return .noRoute }
        return .sent
    }

    /// Leaves a message in the queue, once for each `id`.
    public func send(_ message: OutboundMessage) throws(StoreError) {
        guard let sender = message.originator.mailAddress, let recipient = message.recipient.mailAddress
        else {
            return
        }
        let object = message.message.object
        let queued = QueuedMessage(
            message: OutgoingMessage(
                sender: Mailbox(address: sender, name: object.name(of: message.originator)),
                recipient: Mailbox(address: recipient, name: object.name(of: message.recipient)),
                calendar: message.message.bytes),
            principal: message.principal, time: message.madeAt)
        try queue.add(queued, as: message.id)
    }
}

extension CalendarObject {
    /// The name that the object gives to the organizer or an attendee, nil: none.
    fileprivate func name(of user: CalendarUserAddress) -> String? {
        for component in components {
            for line in component.properties("ORGANIZER") + component.properties("ATTENDEE") {
                if CalendarUserAddress(line.value) == user, let name = line.parameter("CN")?.values.first,
                    !name.isEmpty
                {
                    return name
                }
            }
        }
        return nil
    }
}
