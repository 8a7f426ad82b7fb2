public import ICalendar

/// What a message means for whom it is for (RFC 5546 §3, RFC 6638 §4).
public struct IncomingMessage {
    /// The message.
    public let message: ITIPMessage
    /// The addresses of the user it is for.
    public let recipient: Set<CalendarUserAddress>
    /// The user's object with the UID of the message, without bytes that cannot be read; nil when there is none.
    public let existing: CalendarObject?
    /// The place of the message among those of the same second, empty when it is not known.
    let order: String
    let session: SchedulingSession

    /// Describes a message and what it meets.
    ///
    /// `order` tells apart what was sent in one second: of two messages about an object, the later has the greater one, in
    /// the order of the bytes. It is empty for a message from elsewhere.
    public init(
        _ message: ITIPMessage, order: String = "", for recipient: Set<CalendarUserAddress>,
        existing: CalendarObject?, _ session: SchedulingSession
    ) {
        self.message = message
        self.order = order
        self.recipient = recipient
        self.existing = existing
        self.session = session
    }

    /// What is to be done.
    public func outcome() -> IncomingOutcome {
        switch message.method {
        case .request, .add: IncomingRequest(self).outcome()
        case .cancel: IncomingCancel(self).outcome()
        case .reply: IncomingReply(self).outcome()
        case .publish: publication()
        case .refresh: refresh()
        case .counter: isForOrganizer ? .shown(.forThePersonToDecide) : .ignored(.notOrganizer)
        case .declineCounter: isFromOrganizer ? .shown(.forThePersonToDecide) : .ignored(.otherOrganizer)
        }
    }

    /// Whether the user organizes the object.
    var isForOrganizer: Bool {
        existing?.organizer.map { recipient.contains($0) } ?? false
    }

    /// Whether the message names the organizer that the user's copy has.
    var isFromOrganizer: Bool {
        guard let existing else { return true }
        return existing.organizer == message.object.organizer && existing.organizer != nil
    }

    /// RFC 5546 §3.2.1: what is published changes a copy of it, and makes none by itself.
    private func publication() -> IncomingOutcome {
        guard let existing else { return .shown(.forThePersonToDecide) }
        guard isFromOrganizer else { return .ignored(.otherOrganizer) }
        guard existing.role(of: recipient) == .none else { return .ignored(.otherOrganizer) }
        if let now = message.object.components.first, let known = existing.components.first {
            guard isNewer(now, than: known) else { return .ignored(.outdated) }
        }
        var calendar = message.object.calendar
        calendar.removeProperties("METHOD")
        return IncomingOutcome(storing: calendar)
    }

    /// RFC 5546 §3.2.6: the attendee gets the latest state.
    private func refresh() -> IncomingOutcome {
        guard let existing, isForOrganizer, let organizer = existing.organizer else {
            return .ignored(existing == nil ? .noSuchObject : .notOrganizer)
        }
        guard let attendee = message.object.attendees.first,
            let answer = session.request(of: existing, to: attendee)
        else { return .ignored(.notInvited) }
        var outcome = IncomingOutcome.ignored(.answered)
        outcome.answers = [
            ScheduledMessage(originator: organizer, recipient: attendee, message: answer)
        ]
        return outcome
    }
}

/// What a message leads to.
public struct IncomingOutcome {
    /// Why nothing is stored in a calendar.
    public enum Reason: Hashable, Sendable {
        /// The user is not invited, or who answers is not.
        case notInvited
        /// A later message came before.
        case outdated
        /// Nothing in it is new.
        case alreadyApplied
        /// There is no object with this UID.
        case noSuchObject
        /// There is no instance of this `RECURRENCE-ID`.
        case noSuchInstance
        /// The object is somebody else's.
        case otherOrganizer
        /// The user is not the organizer.
        case notOrganizer
        /// The user has to look at it.
        case forThePersonToDecide
        /// It asked for a message, which is sent.
        case answered
    }

    /// The object as it is to be stored; nil when it stays as it is.
    public var calendar: Component?
    /// Why it stays as it is.
    public var reason: Reason?
    /// Whether the message goes to the inbox.
    public var isShown: Bool
    /// Whether only the answers of others change (RFC 6638 §3.2.10).
    public private(set) var isInconsequential = false
    /// Messages that answer it.
    public var answers: [ScheduledMessage] = []
    /// Attendees who are to be told what another one has answered.
    public var refreshed: [CalendarUserAddress] = []

    init(storing calendar: Component) {
        self.calendar = calendar
        self.isShown = true
    }

    /// Finds out how much changes: nothing need be stored when nothing does.
    public mutating func compare(
        with existing: CalendarObject?, _ session: SchedulingSession, owner: Set<CalendarUserAddress>
    ) {
        guard let existing, let calendar else { return }
        if calendar == existing.calendar {
            self.calendar = nil
            reason = .alreadyApplied
            return
        }
        let object: CalendarObject
        do { object = try CalendarObject(calendar) } catch { return }
        isInconsequential =
            ScheduleTag(of: existing, at: "", owner: owner, session)
            == ScheduleTag(of: object, at: "", owner: owner, session)
    }

    private init(_ reason: Reason, isShown: Bool) {
        self.reason = reason
        self.isShown = isShown
    }

    static func ignored(_ reason: Reason) -> IncomingOutcome { IncomingOutcome(reason, isShown: false) }
    static func shown(_ reason: Reason) -> IncomingOutcome { IncomingOutcome(reason, isShown: true) }
}

extension SchedulingSession {
    /// The state of an object as one attendee is told it; nil when they are not invited.
    public func request(of object: CalendarObject, to attendee: CalendarUserAddress) -> ITIPMessage? {
        let view = AttendeeView(series(object), for: [attendee])
        return view.isCancelled ? nil : message(.request, view.components, from: object)
    }
}
