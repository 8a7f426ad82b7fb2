import HTTP
import Store
import WebDAV
import XML

extension CollectionKind {
    /// A calendar (RFC 4791 §4.2).
    static func calendar(_ services: CalendarServices) -> CollectionKind {
        CollectionKind(
            type: calendarType, resourceTypes: [.calDAV("calendar")], nameEndings: [".ics"],
            mediaType: "text/calendar",
            // RFC 4791 §4.2: no calendar collection within another, at any depth.
            nestingViolates: .calDAV("calendar-collection-location-ok"),
            uidConflict: { .noUIDConflict($0) },
            check: { (candidate) throws(DAVError) in try services.check(candidate) },
            uids: { (container, snapshot, context) in services.uids(in: container, at: snapshot, context) },
            export: { (resource, context) throws(DAVError) in
                try services.export(resource.container, as: .text, context)
            },
            forms: services.mediaForms(), home: \.calendarHomes.first,
            changes: services.scheduling.map { _ in .implicitScheduling(services) },
            tailoring: .timezones(services),
            split: { (bytes) throws(DAVError) in try CalendarImport.objects(in: bytes) })
    }

    /// Where messages of other users arrive (RFC 6638 §2.2).
    ///
    /// Messages have a `METHOD`, and several may be about one UID.
    static func scheduleInbox(_ services: CalendarServices) -> CollectionKind {
        CollectionKind(
            type: inboxType, resourceTypes: [.calDAV("schedule-inbox")], mediaType: "text/calendar",
            nestingViolates: .calDAV("calendar-collection-location-ok"),
            check: { (candidate) throws(DAVError) in try services.checkMessage(candidate) },
            tailoring: .timezones(services))
    }

    /// Where clients send messages to; it keeps nothing (RFC 6638 §2.1).
    static func scheduleOutbox(_ services: CalendarServices) -> CollectionKind {
        CollectionKind(
            type: outboxType, resourceTypes: [.calDAV("schedule-outbox")],
            nestingViolates: .calDAV("calendar-collection-location-ok"),
            check: { (_) throws(DAVError) in
                throw DAVError(.forbidden, message: "Nothing can be stored in a scheduling outbox.")
            },
            post: { (request, resource, context) throws(DAVError) in
                guard services.scheduling != nil else {
                    throw DAVError(.forbidden, message: "This server does not schedule.")
                }
                return try BusyTimeRequest(request, resource, services, context).response()
            })
    }

    /// A calendar that is kept elsewhere, which clients read from its source.
    static var subscription: CollectionKind {
        CollectionKind(
            type: subscriptionType, resourceTypes: [.calendarServer("subscribed")],
            home: \.calendarHomes.first)
    }
}
