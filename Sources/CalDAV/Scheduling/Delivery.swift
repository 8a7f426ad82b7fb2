import ContentLine
import HTTP
import ICalendar
public import Scheduling
import Store
public import WebDAV

/// What became of a message for a user of this server.
public struct DeliveryResult {
    /// The status for whoever sent it (RFC 6638 §3.2.9).
    public let status: ScheduleStatus
    /// Why it changed nothing in a calendar; nil when it did.
    public let reason: IncomingOutcome.Reason?
    /// Whether it may succeed later.
    public let isTemporary: Bool

    init(_ status: ScheduleStatus, reason: IncomingOutcome.Reason? = nil, isTemporary: Bool = false) {
        self.status = status
        self.reason = reason
        self.isTemporary = isTemporary
    }
}

extension CalendarServices {
    /// Delivers a message that came from elsewhere, such as by mail, to a user of this server, and what follows from it.
    ///
    /// Doing it again with the same message changes nothing. Whether the sender is who the message says is for the caller
    /// to know.
    ///
    /// - Returns: 3.7 when nobody has the address, 3.8 when the user does not take messages, 5.1 when it may work later, 1.2 when
    ///   it was delivered, also when it was not worth storing: `reason` tells.
    public func deliver(
        _ message: ITIPMessage, from originator: CalendarUserAddress, to recipient: CalendarUserAddress,
        _ context: Context
    ) -> DeliveryResult {
        let message = ScheduledMessage(originator: originator, recipient: recipient, message: message)
        return Delivery(services: self, context: context).deliver(message, MessageID(content: message))
    }

    /// Whether a user of this server has the address.
    ///
    /// - Throws: when the principals cannot be read: then nobody knows.
    public func hasUser(_ address: CalendarUserAddress, _ context: Context) throws(DAVError) -> Bool {
        guard let scheduling else { return false }
        return try scheduling.directory.user(address, scheduling, context) != nil
    }
}

/// Delivers messages to users of this server: into their calendars, then into their inboxes (RFC 6638 §4).
struct Delivery {
    let services: CalendarServices
    let context: Context
    /// How many messages led to this one: answers to answers end somewhere.
    var depth = 0
    private static let maxDepth = 4
    private static let maxTries = 3

    init(services: CalendarServices, context: Context, depth: Int = 0) {
        self.services = services
        self.context = context
        self.depth = depth
    }

    /// What will become of a message, as far as that can be told before (RFC 6638 §3.2.9).
    func expectedStatus(of message: ScheduledMessage) throws(DAVError) -> ScheduleStatus {
        guard let scheduling = services.scheduling else { return .noRoute }
        guard let user = try scheduling.directory.user(message.recipient, scheduling, context) else {
            return scheduling.outbound.status(from: message.originator, to: message.recipient)
        }
        let sender = try scheduling.directory.user(message.originator, scheduling, context)
        guard try user.takes(message.message.method, from: sender) else { return .noAuthority }
        // RFC 6638 §4.3: whoever is invited has a calendar.
        guard try target(for: message.message, of: user) != nil else { return .noRoute }
        return .delivered
    }

    /// Delivers a message; what cannot be done is logged.
    func deliver(_ message: ScheduledMessage, _ id: MessageID) -> DeliveryResult {
        do throws(DAVError) {
            return try tryDeliver(message, id)
        } catch {
            context.log("message to \(message.recipient): \(error.details ?? error.status.description)")
            let isTemporary = error.status == .serviceUnavailable || error.status == .insufficientStorage
            return DeliveryResult(.serviceUnavailable, isTemporary: isTemporary)
        }
    }

    private func tryDeliver(_ message: ScheduledMessage, _ id: MessageID) throws(DAVError) -> DeliveryResult {
        guard let scheduling = services.scheduling,
            let user = try scheduling.directory.user(message.recipient, scheduling, context)
        else { return DeliveryResult(.invalidCalendarUser) }
        let sender = try scheduling.directory.user(message.originator, scheduling, context)
        guard try user.takes(message.message.method, from: sender) else {
            return DeliveryResult(.noAuthority)
        }
        let outcome = try apply(message, id, for: user)
        guard let outcome else { return DeliveryResult(.noRoute) }
        if outcome.isShown, !isRefresh(message, outcome) {
            try ScheduleInbox(user: user, services: services, context: context).add(message.message, id)
        }
        try follow(outcome, id, user)
        return DeliveryResult(.delivered, reason: outcome.calendar == nil ? outcome.reason : nil)
    }

    /// Whether the user is only told what others have answered, which changes nothing for them.
    private func isRefresh(_ message: ScheduledMessage, _ outcome: IncomingOutcome) -> Bool {
        depth > 0 && message.message.method == .request && outcome.isInconsequential
    }

    // MARK: - Calendars

    /// Applies a message to the user's object, under the lock of its calendar.
    ///
    /// - Returns: the outcome, nil when there is no calendar that takes it.
    private func apply(
        _ message: ScheduledMessage, _ id: MessageID, for user: CalendarUser
    ) throws(DAVError) -> IncomingOutcome? {
        for _ in 0..<Self.maxTries {
            let found = try services.objects(withUID: message.message.object.uid, of: user, context)
            let place: FoundObject
            if let first = try preferred(found, for: message.message, user) {
                place = first
            } else if let calendar = try target(for: message.message, of: user),
                let name = ItemName(message.message.object.fileName)
            {
                place = FoundObject(calendar: calendar, name: name)
            } else {
                return nil
            }
            if let outcome = try apply(message, id, for: user, at: place, isNew: found.isEmpty) {
                return outcome
            }
        }
        throw DAVError(.serviceUnavailable, details: "\(message.message.object.uid) keeps moving about")
    }

    /// The object that the message is about, when several have its UID: one in which the user has the part that it is for.
    private func preferred(
        _ found: [FoundObject], for message: ITIPMessage, _ user: CalendarUser
    ) throws(DAVError) -> FoundObject? {
        guard found.count > 1 else { return found.first }
        let role: SchedulingRole = message.method.isFromOrganizer ? .attendee : .organizer
        for place in found {
            let collection = try place.calendar.collection()
            let snapshot = try storing { () throws(StoreError) in try collection.snapshot() }
            guard let item = snapshot.item(named: place.name),
                let object = try services.calendarObject(item, in: snapshot, context)
            else { continue }
            if object.role(of: user.addresses) == role { return place }
        }
        return found.first
    }

    /// The calendar for a new object: the default one if it takes the component, else the first that does (RFC 6638 §4.3).
    private func target(for message: ITIPMessage, of user: CalendarUser) throws(DAVError) -> ContainerView? {
        let kind = message.object.kind.rawValue
        let all = try [user.chosenCalendar()].compactMap(\.self) + user.calendars()
        return all.first { calendar in
            services.supportedComponents(calendar.metadata).contains { $0.isName(kind) }
        }
    }

    /// Applies a message to one object; nil when the object is not there any more, or another one came.
    private func apply(
        _ message: ScheduledMessage, _ id: MessageID, for user: CalendarUser, at place: FoundObject,
        isNew: Bool
    ) throws(DAVError) -> IncomingOutcome? {
        let collection = try place.calendar.collection()
        let room = try AutoSchedule(user, services: services, context: context)
        var result: Result<IncomingOutcome?, DAVError> = .success(nil)
        _ = try storing { () throws(StoreError) in
            try collection.update(by: context.author) { snapshot in
                do throws(DAVError) {
                    let outcome = try outcome(of: message, id, for: user, at: place, isNew, snapshot, room)
                    result = .success(outcome)
                    guard let outcome, let calendar = outcome.calendar else { return nil }
                    let title = message.message.object.title ?? place.name.description
                    return UpdatePlan(
                        writes: [(name: place.name, bytes: CalendarWriter.bytes(of: calendar))],
                        message: "\(message.message.method.historyVerb) \(title)")
                } catch {
                    result = .failure(error)
                    return nil
                }
            }
        }
        return try result.get()
    }

    private func outcome(
        of message: ScheduledMessage, _ id: MessageID, for user: CalendarUser, at place: FoundObject,
        _ isNew: Bool, _ snapshot: any Snapshot, _ room: AutoSchedule?
    ) throws(DAVError) -> IncomingOutcome? {
        var existing: CalendarObject?
        if isNew {
            let uids = services.uids(in: place.calendar, at: snapshot, context)
            guard uids.names(message.message.object.uid).isEmpty, snapshot.item(named: place.name) == nil
            else {
                return nil
            }
        } else {
            guard let item = snapshot.item(named: place.name) else { return nil }
            existing = try services.calendarObject(item, in: snapshot, context)
            guard existing?.uid.hasSameBytes(as: message.message.object.uid) ?? false else { return nil }
        }
        let session = services.session(context)
        services.zones.defaultZone = services.floatingZone(of: place.calendar)
        let incoming = IncomingMessage(
            message.message, order: id.order, for: user.addresses, existing: existing, session)
        var outcome = incoming.outcome()
        outcome.compare(with: existing, session, owner: user.addresses)
        if let room { try room.answer(&outcome, to: message, existing) }
        return outcome
    }

    // MARK: - What follows

    private func follow(
        _ outcome: IncomingOutcome, _ cause: MessageID, _ user: CalendarUser
    ) throws(DAVError) {
        guard depth < Self.maxDepth else { return }
        let next = Delivery(services: services, context: context, depth: depth + 1)
        for answer in outcome.answers { next.send(answer, by: user, because: cause) }
        guard let calendar = outcome.calendar, !outcome.refreshed.isEmpty,
            let scheduling = services.scheduling
        else { return }
        let object: CalendarObject
        do { object = try CalendarObject(calendar) } catch { return }
        guard let organizer = object.organizer else { return }
        let session = services.session(context)
        // RFC 6638 §4.2: the others learn of the answer; mail for each answer is more than people want.
        for attendee in outcome.refreshed {
            guard try scheduling.directory.user(attendee, scheduling, context) != nil,
                let request = session.request(of: object, to: attendee)
            else { continue }
            _ = next.deliver(
                ScheduledMessage(originator: organizer, recipient: attendee, message: request),
                MessageID(answerTo: cause, attendee))
        }
    }

    /// Delivers an answer on this server, or hands it to the way out.
    private func send(_ message: ScheduledMessage, by user: CalendarUser, because cause: MessageID) {
        do throws(DAVError) {
            guard let scheduling = services.scheduling else { return }
            let id = MessageID(answerTo: cause, message.recipient)
            if try scheduling.directory.user(message.recipient, scheduling, context) != nil {
                _ = deliver(message, id)
                return
            }
            try scheduling.handOver(message, id, principal: user.principal.path, services, context)
        } catch {
            context.log("answer to \(message.recipient): \(error.details ?? error.status.description)")
        }
    }
}

extension SchedulingServices {
    /// Hands a message to the way out, if that takes it.
    func handOver(
        _ message: ScheduledMessage, _ id: MessageID, principal: StorePath, _ services: CalendarServices,
        _ context: Context
    ) throws(DAVError) {
        guard outbound.status(from: message.originator, to: message.recipient).isDelivery else { return }
        let outgoing = OutboundMessage(
            id: id.text, principal: principal, originator: message.originator, recipient: message.recipient,
            message: services.completed(message.message), madeAt: context.now)
        try storing { () throws(StoreError) in try outbound.send(outgoing) }
    }
}
