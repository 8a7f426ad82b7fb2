import ContentLine
import HTTP
import ICalendar
import Scheduling
import Store
import WebDAV
import XML

/// A request for busy time at an outbox (RFC 6638 §5).
struct BusyTimeRequest {
    private let services: CalendarServices
    private let context: Context
    private let asked: Component
    private let attendees: [ContentLine]
    private let start: Instant
    private let end: Instant
    private let organizer: ContentLine
    /// Who asks, whoever does it for them.
    private let asker: CalendarUser

    /// Reads the request.
    init(
        _ request: Request, _ outbox: Resource, _ services: CalendarServices, _ context: Context
    ) throws(DAVError) {
        self.services = services
        self.context = context
        let owner = try services.owner(of: outbox.container, context)
        try owner?.requireSending(.scheduleSendFreeBusy, context)
        guard request.mediaType == nil || request.mediaType == "text/calendar" else {
            throw DAVError(
                .unsupportedMediaType, violated: .calDAV("supported-calendar-data"),
                message: "Only text/calendar can be posted here.")
        }
        let bytes = try request.bodyBytes(limit: context.limits.bodyBytes)
        guard bytes.count <= services.limits.resourceBytes else {
            throw DAVError(.forbidden, violated: .calDAV("max-resource-size"))
        }
        let calendar: Component
        do {
            calendar = try CalendarParser.parse(bytes)
        } catch {
            throw DAVError(.badRequest, violated: .calDAV("valid-calendar-data"), message: "\(error)")
        }
        let parts = calendar.components.filter { !$0.isNamed("VTIMEZONE") }
        guard calendar.isNamed("VCALENDAR"),
            ITIPMethod(name: calendar.property("METHOD")?.value ?? "") == .request, parts.count == 1,
            let asked = parts.first, asked.isNamed("VFREEBUSY")
        else { throw Self.invalid("The body must be a REQUEST with one VFREEBUSY.") }
        let zones = services.zones.zones(of: calendar)
        func time(_ name: String) -> Instant? {
            asked.property(name).flatMap { DateTimeValue($0) }.map(zones.instant)
        }
        // RFC 5546 §3.3.2.
        guard let start = time("DTSTART"), let end = time("DTEND"), start < end,
            let organizer = asked.property("ORGANIZER"), asked.property("UID") != nil,
            asked.property("ATTENDEE") != nil
        else { throw Self.invalid("A VFREEBUSY needs UID, DTSTART, DTEND, ORGANIZER and ATTENDEE.") }
        // RFC 6638 §5.2.2.
        guard let owner, owner.addresses.contains(CalendarUserAddress(organizer.value))
        else { throw DAVError(.forbidden, violated: .calDAV("valid-organizer")) }
        self.asker = owner
        self.asked = asked
        self.start = start
        self.end = end
        self.organizer = organizer
        self.attendees = asked.properties("ATTENDEE")
    }

    private static func invalid(_ message: String) -> DAVError {
        DAVError(.badRequest, violated: .calDAV("valid-scheduling-message"), message: message)
    }

    /// The answer for each attendee (RFC 6638 §10).
    func response() throws(DAVError) -> Response {
        var writer = XMLWriter(prefixes: context.features.prefixes)
        writer.start(.calDAV("schedule-response"))
        for attendee in attendees {
            let (status, calendar) = try answer(for: attendee)
            writer.start(.calDAV("response"))
            writer.start(.calDAV("recipient"))
            writer.element(.href, text: attendee.value)
            writer.end()
            writer.element(.calDAV("request-status"), text: status.description)
            if let calendar {
                writer.element(
                    .calDAV("calendar-data"),
                    text: String(decoding: CalendarWriter.bytes(of: calendar), as: UTF8.self))
            }
            writer.end()
        }
        writer.end()
        return Response(
            .ok, fields: ["Content-Type": "application/xml; charset=utf-8", "Cache-Control": "no-cache"],
            body: .bytes(writer.take()))
    }

    private func answer(for attendee: ContentLine) throws(DAVError) -> (ScheduleStatus, Component?) {
        guard let scheduling = services.scheduling else { return (.noRoute, nil) }
        let address = CalendarUserAddress(attendee.value)
        guard let user = try scheduling.directory.user(address, scheduling, context) else {
            // Who can only be reached by mail has busy time that nobody here knows.
            let isReachable = scheduling.outbound.status(
                from: CalendarUserAddress(organizer.value), to: address
            ).isDelivery
            return (isReachable ? .noSchedulingSupport : .invalidCalendarUser, nil)
        }
        guard try user.tellsBusyTime(to: asker) else { return (.noAuthority, nil) }
        var busy = BusyTime(user: user, services: services, context: context)
        // What clients send when they look for another time for an object that is there already.
        busy.ignoredUID = asked.text("X-CALENDARSERVER-MASK-UID")
        let periods: FreeBusy
        do throws(DAVError) {
            periods = try busy.periods(from: start, to: end)
        } catch {
            context.log("busy time of \(user.principal.path): \(error.details ?? error.status.description)")
            return (.serviceUnavailable, nil)
        }
        var component = periods.component(
            uid: asked.text("UID") ?? "", stamp: Instant(secondsSinceEpoch: context.now))
        component.properties.insert(contentsOf: [organizer, attendee], at: 2)
        return (
            .success,
            Component(
                name: "VCALENDAR",
                properties: [
                    ContentLine(name: "VERSION", value: "2.0"),
                    ContentLine(name: "PRODID", value: productIdentifier),
                    ContentLine(name: "METHOD", value: ITIPMethod.reply.rawValue),
                ], components: [component])
        )
    }
}
