import HTTP
import ICalendar
import Scheduling
import Store
import WebDAV

/// The deletion of a calendar, which removes all scheduling objects in it (RFC 6638 §3.2.3.2).
struct CalendarRemoval {
    private let container: ContainerView
    private let services: CalendarServices
    private let context: Context
    private let owner: CalendarUser

    /// Nil for a calendar of nobody.
    init?(_ container: ContainerView, _ services: CalendarServices, _ context: Context) throws(DAVError) {
        guard let owner = try services.owner(of: container, context) else { return nil }
        self.container = container
        self.services = services
        self.context = context
        self.owner = owner
    }

    /// Writes down what is to be delivered; what is returned delivers it.
    ///
    /// - Throws: `CALDAV:default-calendar-needed` for the calendar that takes invitations (RFC 6638 §4.3.1.1).
    func prepared() throws(DAVError) -> (() -> Void)? {
        let chosen = try owner.chosenCalendar()
        let isOnly = try owner.calendars().map(\.path) == [container.location]
        if chosen?.path == container.location || isOnly {
            throw DAVError(.forbidden, violated: .calDAV("default-calendar-needed"))
        }
        // Whether changes of what is in it were made, nobody can tell afterwards.
        services.resumeDeliveries(context, isUrgent: true)
        var works: [DeliveryWork] = []
        let snapshot = try container.snapshot()
        for item in snapshot.items
        where services.mayHaveOrganizer(item.name, in: container, at: snapshot, context) {
            if let work = try work(for: item, snapshot) { works.append(work) }
        }
        guard !works.isEmpty else { return nil }
        return { for work in works { work.run() } }
    }

    private func work(for item: Item, _ snapshot: any Snapshot) throws(DAVError) -> DeliveryWork? {
        guard let object = try services.calendarObject(item, in: snapshot, context) else { return nil }
        let session = services.session(context)
        let messages: [ScheduledMessage]
        do throws(SchedulingConflict) {
            switch object.role(of: owner.addresses) {
            case .none: return nil
            case .organizer:
                messages = try OrganizerChange(from: object, to: nil, owner: owner.addresses, session)
                    .messages
            case .attendee:
                messages = try AttendeeChange(from: object, to: nil, owner: owner.addresses, session).messages
            }
        } catch {
            throw DAVError(error)
        }
        let delivery = Delivery(services: services, context: context)
        var deliverable: [ScheduledMessage] = []
        for message in messages where try delivery.expectedStatus(of: message).isDelivery {
            deliverable.append(message)
        }
        guard !deliverable.isEmpty else { return nil }
        try owner.requireSending(
            object.role(of: owner.addresses) == .organizer ? .scheduleSendInvite : .scheduleSendReply, context
        )
        let work = DeliveryWork(
            PendingDelivery(
                principal: owner.principal.path, collection: container.location, name: item.name,
                madeAt: context.now, messages: deliverable), services, context)
        try storing { () throws(StoreError) in try work.note(.removal) }
        return work
    }
}
