import HTTP
import ICalendar
import Scheduling
import Store
import WebDAV

extension ChangeRules {
    /// Objects that people schedule with are changed for all of them (RFC 6638 §3).
    static func implicitScheduling(_ services: CalendarServices) -> ChangeRules {
        ChangeRules(
            plan: { (change) throws(DAVError) in try ImplicitScheduling(services, change)?.plan() },
            fields: { (resource, bytes, context) throws(DAVError) in
                guard let item = resource.item,
                    let tag = try services.scheduleTag(of: bytes, item.name, in: resource.container, context)
                else { return [:] }
                return ["Schedule-Tag": tag]
            },
            check: { (fields, resource, context) throws(DAVError) in
                guard let wanted = fields["If-Schedule-Tag-Match"], let item = resource.item else { return }
                let tag = try services.scheduleTag(
                    of: try resource.bytes(), item.name, in: resource.container, context)
                // RFC 6638 §3.2.10.2.
                guard tag == wanted.trimmingWhitespace else { throw DAVError(.preconditionFailed) }
            },
            remove: { (container, context) throws(DAVError) in
                try CalendarRemoval(container, services, context)?.prepared()
            })
    }
}

/// A change of one object with which people schedule.
struct ImplicitScheduling {
    private let services: CalendarServices
    private let change: ObjectChange
    private let owner: CalendarUser
    private let old: CalendarObject?
    private let new: CalendarObject?
    private let session: SchedulingSession

    /// Nil for an object with which nobody schedules, which costs next to nothing.
    init?(_ services: CalendarServices, _ change: ObjectChange) throws(DAVError) {
        let isNewOne = change.bytes.map(namesOrganizer) ?? false
        let wasOne = try Self.mayHaveBeenOne(services, change)
        // With COPY and MOVE it is about the source.
        let condition = change.source == nil ? change.fields["If-Schedule-Tag-Match"] : nil
        guard isNewOne || wasOne || condition != nil,
            let owner = try services.owner(of: change.container, change.context)
        else { return nil }
        self.services = services
        self.change = change
        self.owner = owner
        self.session = services.session(change.context)
        services.zones.defaultZone = services.floatingZone(of: change.container)
        old = try wasOne ? Self.object(change.currentBytes()) : nil
        var wanted = isNewOne ? Self.object(change.bytes, known: services.lastChecked) : nil
        if let condition {
            let tag = old.flatMap {
                services.scheduleTag(of: $0, change.name, in: change.container, owner, change.context)
            }
            // RFC 6638 §3.2.10.1.
            guard tag == condition.trimmingWhitespace else { throw DAVError(.preconditionFailed) }
            if let new = wanted, let old {
                wanted = session.merge(new, withAnswersIn: old, owner: owner.addresses)
            }
        }
        new = wanted
    }

    /// Whether what is there names an organizer: by the record that a write looks at anyway, else by its bytes.
    private static func mayHaveBeenOne(
        _ services: CalendarServices, _ change: ObjectChange
    ) throws(DAVError) -> Bool {
        guard change.current != nil else { return false }
        guard change.bytes == nil else {
            return services.mayHaveOrganizer(
                change.name, in: change.container, at: change.snapshot, change.context)
        }
        return try change.currentBytes().map(namesOrganizer) ?? false
    }

    private static func object(
        _ bytes: [UInt8]?, known: (bytes: [UInt8], object: CalendarObject)? = nil
    ) -> CalendarObject? {
        guard let bytes else { return nil }
        if let known, known.bytes == bytes { return known.object }
        do { return try CalendarObject(bytes) } catch { return nil }
    }

    func plan() throws(DAVError) -> ChangePlan? {
        let roles = (
            old?.role(of: owner.addresses) ?? .none, new?.role(of: owner.addresses) ?? .none
        )
        guard roles != (.none, .none) else { return nil }
        if new != nil, roles.1 != .none, change.current == nil { try checkIsUnique() }
        // RFC 6638 §3.2.3.3, §3.2.3.4: between calendars nothing is sent.
        guard try !isWithinCalendars() else { return stored(new) }
        if try hasTwin() { return stored(new) }
        let consequences = try consequences(roles)
        var statuses: [CalendarUserAddress: ScheduleStatus] = [:]
        let delivery = Delivery(services: services, context: change.context)
        for message in consequences.messages {
            let status = try delivery.expectedStatus(of: message)
            // Of several messages for one attendee the worst tells.
            if statuses[message.recipient].map(\.isDelivery) ?? true { statuses[message.recipient] = status }
        }
        var plan = stored(consequences.stored(statuses))
        let deliverable = consequences.messages.filter { statuses[$0.recipient]?.isDelivery ?? false }
        guard !deliverable.isEmpty else { return plan }
        try owner.requireSending(
            deliverable.contains { $0.message.method.isFromOrganizer }
                ? .scheduleSendInvite : .scheduleSendReply,
            change.context)
        let pending = PendingDelivery(
            principal: owner.principal.path, collection: change.container.location, name: change.name,
            madeAt: change.context.now, messages: deliverable)
        let work = DeliveryWork(pending, services, change.context)
        plan.beforeEntry = { (entry) throws(StoreError) in try work.note(.entry(entry)) }
        plan.afterwards = { work.run() }
        plan.otherwise = { work.drop() }
        return plan
    }

    /// Whether the object comes from another calendar of the same user; what lies elsewhere was never checked.
    private func isWithinCalendars() throws(DAVError) -> Bool {
        guard let source = change.source?.container, source.kind.isCalendar else { return false }
        return try owner.calendars().contains { $0.location == source.location }
    }

    /// Whether a copy that is deleted has another one beside it, which some clients make to move an object.
    private func hasTwin() throws(DAVError) -> Bool {
        guard change.bytes == nil, let old else { return false }
        return try services.objects(withUID: old.uid, of: owner, change.context).contains {
            $0.calendar.path != change.container.location || $0.name != change.name
        }
    }

    /// RFC 6638 §3.2.4.1: a user has one object with a UID.
    private func checkIsUnique() throws(DAVError) {
        guard let new else { return }
        let source = change.source
        for found in try services.objects(withUID: new.uid, of: owner, change.context)
        where found.calendar.path != change.container.location {
            if let source, source.container.location == found.calendar.path, source.item?.name == found.name,
                change.operation == .move
            {
                continue
            }
            let href = found.calendar.href + percentEncoded(found.name.description)
            throw DAVError(.forbidden, violated: .uniqueSchedulingObjectResource(href))
        }
    }

    private func consequences(
        _ roles: (SchedulingRole, SchedulingRole)
    ) throws(DAVError) -> SchedulingConsequences {
        do throws(SchedulingConflict) {
            if roles.0 == .organizer || (roles.1 == .organizer && roles.0 == .none) {
                return .organizer(
                    try OrganizerChange(from: old, to: new, owner: owner.addresses, session))
            }
            if roles.0 == .attendee, let new, let organizer = new.organizer, organizer != old?.organizer {
                throw .attendeeChange(reason: "the organizer cannot be replaced")
            }
            let wantsReply = change.fields["Schedule-Reply"]?.trimmingWhitespace.uppercased() != "F"
            return .attendee(
                try AttendeeChange(
                    from: old, to: new, owner: owner.addresses, wantsReply: wantsReply, session))
        } catch {
            throw DAVError(error)
        }
    }

    /// What is stored, and its tag (RFC 6638 §8.2).
    private func stored(_ object: CalendarObject?) -> ChangePlan {
        guard let object, let bytes = change.bytes else { return ChangePlan() }
        var plan = ChangePlan()
        if CalendarWriter.bytes(of: object.calendar) != bytes {
            plan.bytes = CalendarWriter.bytes(of: object.calendar)
        }
        if let tag = services.scheduleTag(
            of: object, change.name, in: change.container, owner, change.context)
        {
            plan.fields["Schedule-Tag"] = tag
        }
        return plan
    }
}

/// What follows from a change, for either side.
enum SchedulingConsequences {
    case organizer(OrganizerChange)
    case attendee(AttendeeChange)

    var messages: [ScheduledMessage] {
        switch self {
        case .organizer(let change): change.messages
        case .attendee(let change): change.messages
        }
    }

    func stored(_ statuses: [CalendarUserAddress: ScheduleStatus]) -> CalendarObject? {
        switch self {
        case .organizer(let change): change.stored(statuses)
        case .attendee(let change): change.stored(statuses)
        }
    }
}

extension DAVError {
    /// The one place where a conflict becomes a precondition (RFC 6638 §3.2.4).
    init(_ conflict: SchedulingConflict) {
        switch conflict {
        case .severalOrganizers:
            self.init(.forbidden, violated: .calDAV("same-organizer-in-all-components"))
        case .organizerChange(let reason):
            self.init(
                .forbidden, violated: .calDAV("allowed-organizer-scheduling-object-change"), message: reason)
        case .attendeeChange(let reason):
            self.init(
                .forbidden, violated: .calDAV("allowed-attendee-scheduling-object-change"), message: reason)
        }
    }
}
