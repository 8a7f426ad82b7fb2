internal import ContentLine
internal import ICalendar

/// When a message was made (RFC 5546 §2.1.5), finer than the seconds of `DTSTAMP` where this server made it.
struct MessageStamp: Comparable, CustomStringConvertible {
    /// The `DTSTAMP`.
    let time: Instant
    /// The place among the messages of the same second; empty when it is not known.
    let order: String

    init(_ time: Instant, order: String = "") {
        self.time = time
        self.order = order
    }

    /// Reads what `description` has written; nil for anything else.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1)
        guard let first = parts.first, let time = Instant(Array(first)) else { return nil }
        self.init(time, order: parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "")
    }

    var description: String { order.isEmpty ? time.description : "\(time).\(order)" }

    /// Of two messages of one second, of which one came from elsewhere, none is the earlier one.
    static func < (left: MessageStamp, right: MessageStamp) -> Bool {
        if left.time != right.time { return left.time < right.time }
        guard !left.order.isEmpty, !right.order.isEmpty else { return false }
        return left.order.utf8.lexicographicallyPrecedes(right.order.utf8)
    }
}

extension ContentLine {
    /// The stamp of the last message from the user that the line is about, kept to tell late messages.
    static let stampParameter = "X-ARTEMISIOS-DTSTAMP"

    /// The stamp of the last message from the user.
    var messageStamp: MessageStamp? {
        parameter(Self.stampParameter)?.values.first.flatMap { MessageStamp($0) }
    }
}

extension IncomingMessage {
    /// The stamp of a component of the message.
    func stamp(of component: Component) -> MessageStamp? {
        component.stamp.map { MessageStamp($0, order: order) }
    }

    /// Whether a component of the message is later than what it is about (RFC 5546 §2.1.5).
    ///
    /// The `DTSTAMP` of what is stored is that of whoever wrote it last, with whatever clock; what counts is the stamp of
    /// the last message, which is kept with the `ORGANIZER`. Messages of one second of which nobody knows the order are
    /// taken as they come.
    func isNewer(_ component: Component, than existing: Component) -> Bool {
        let last = existing.organizerLine?.messageStamp
        let isLater = stamp(of: component).flatMap { now in last.map { !(now < $0) } }
        if component.sequence == existing.sequence { return isLater ?? true }
        // Who was left out may be invited again by a program that counts from the beginning.
        if existing.isCancelled, isLater ?? false { return true }
        return component.sequence > existing.sequence
    }
}
