internal import ICalendar
public import MIME
public import MailQueue

/// A calendar message as a mail (RFC 6047 §2).
public struct IMIPMessage {
    /// The mail.
    public let composition: MailComposition

    /// Writes the mail for a message of the queue.
    ///
    /// `From` is the address of this server, which its domain vouches for (RFC 7489), with the name of who writes;
    /// `Reply-To` is who writes. Nil for a message without a calendar in it.
    ///
    /// - Parameters:
    ///   - queued: the message.
    ///   - name: its name in the queue, from which the `Message-ID` is made.
    ///   - from: the address of this server.
    ///   - previous: what the recipient was sent about the same object before; empty: nothing.
    public init?(_ queued: QueuedMessage, name: String, from: String, previous: [UInt8]) {
        guard let details = InvitationDetails(queued.message.calendar) else { return nil }
        let sender = queued.message.sender
        let shownName = sender.name ?? sender.address
        let isOwn = sender.address.lowercased().utf8.elementsEqual(from.lowercased().utf8)
        let before = previous.isEmpty || details.method != "REQUEST" ? nil : InvitationDetails(previous)
        let words = InvitationWords(details, previous: before, sender: shownName)
        composition = MailComposition(
            from: .init(name: shownName, address: from),
            replyTo: isOwn ? nil : .init(name: sender.name, address: sender.address),
            to: .init(name: queued.message.recipient.name, address: queued.message.recipient.address),
            subject: words.subject,
            messageID: "\(name)@\(Mailbox(address: from).domain ?? "localhost")", time: queued.time,
            text: words.text, html: words.html, method: details.method, component: details.component,
            calendar: queued.message.calendar)
    }

    /// What makes messages ones about the same object for the same recipient.
    static func subjectKey(_ queued: QueuedMessage) -> String? {
        InvitationDetails(queued.message.calendar).map {
            "\($0.uid)\n\(queued.message.recipient.address.lowercased())"
        }
    }
}
