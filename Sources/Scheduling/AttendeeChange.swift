internal import ContentLine
public import ICalendar

/// What follows when an attendee creates, changes or removes their copy of an object (RFC 6638 §3.2.2).
public struct AttendeeChange {
    /// What is to be stored, before it is known how the reply fares; nil when the copy is removed.
    public let object: CalendarObject?
    /// The reply to the organizer, and what delegates are sent.
    public let messages: [ScheduledMessage]
    private let organizer: CalendarUserAddress?
    private let isForceWrong: Bool

    /// Works out what follows.
    ///
    /// - Parameters:
    ///   - old: the copy before; nil when there was none.
    ///   - new: what the client wants; nil to remove the copy.
    ///   - owner: the addresses of the attendee.
    ///   - wantsReply: false when the client said `Schedule-Reply: F` with a removal (RFC 6638 §8.1).
    ///   - session: the session.
    /// - Throws: `SchedulingConflict`.
    public init(
        from old: CalendarObject?, to new: CalendarObject?, owner: Set<CalendarUserAddress>,
        wantsReply: Bool = true, _ session: SchedulingSession
    ) throws(SchedulingConflict) {
        try new?.checkOrganizers()
        let previous = old.flatMap { $0.role(of: owner) == .attendee ? $0 : nil }
        let next = new.flatMap { $0.role(of: owner) == .attendee ? $0 : nil }
        organizer = (next ?? previous)?.organizer
        // RFC 6638 §3.2.2.3: the client answers by itself, or nobody does.
        guard !((next ?? previous)?.isAnsweredElsewhere ?? true), let organizer else {
            object = new
            messages = []
            isForceWrong = false
            return
        }
        let force = next?.forcedReply
        isForceWrong = force.map { !$0.isName("REPLY") } ?? false
        var stored = next?.mapComponents { $0.removeForces() }
        if let was = previous, let now = stored, !was.isAnsweredElsewhere {
            let check = AttendeeCheck(old: session.series(was), new: session.series(now), owner: owner)
            try check.run()
            stored = check.withAnswersOfOthers()
        }
        object = stored ?? new
        let replies = AttendeeReplies(
            session: session, owner: owner, old: previous.map(session.series),
            new: stored.map(session.series), isForced: force?.isName("REPLY") ?? false)
        var messages: [ScheduledMessage] = []
        if wantsReply || new != nil, let (originator, reply) = replies.reply() {
            messages.append(
                ScheduledMessage(originator: originator, recipient: organizer, message: reply))
        }
        messages += replies.delegations()
        self.messages = messages
    }

    /// What is to be stored, once it is known how the reply fared (RFC 6638 §3.2.2.3).
    public func stored(_ statuses: [CalendarUserAddress: ScheduleStatus]) -> CalendarObject? {
        guard let organizer else { return object }
        let status = isForceWrong ? ScheduleStatus.parameterIgnored : statuses[organizer]
        guard status != nil || !statuses.isEmpty else { return object }
        return object?.mapComponents { component in
            for index in component.properties.indices {
                let line = component.properties[index]
                let address = CalendarUserAddress(line.value)
                if line.isNamed("ORGANIZER"), let status {
                    component.properties[index].set("SCHEDULE-STATUS", status.code)
                } else if line.isNamed("ATTENDEE"), let status = statuses[address], address != organizer {
                    component.properties[index].set("SCHEDULE-STATUS", status.code)
                }
            }
        }
    }
}

extension CalendarObject {
    /// The message that the client wants the organizer to get (RFC 6638 §7.2).
    fileprivate var forcedReply: String? {
        components.lazy.compactMap { $0.organizerLine?.parameter("SCHEDULE-FORCE-SEND")?.values.first }.first
    }
}
