import HTTP
import ICalendar
import Store
import WebDAV
import XML

/// Properties of calendars that clients set; none is in `DAV:allprop` (RFC 4791 §5.2).
extension LiveProperty {
    static func calendarProperties(_ services: CalendarServices) -> [LiveProperty] {
        [
            .calendarDescription, .calendarColor, .calendarOrder, .calendarTimezone(services),
            .calendarTimezoneID(services), .supportedCalendarComponentSet(services),
            .scheduleCalendarTransp, .calendarAvailability(.calDAV("calendar-availability")),
            // As it was called before RFC 7953.
            .calendarAvailability(.calendarServer("calendar-availability")),
        ]
    }

    /// What the calendar is about (RFC 4791 §5.2.1).
    private static var calendarDescription: LiveProperty {
        .setting(.calDAV("calendar-description"), key: .description) { $0.kind.isShownAsCalendar }
    }

    /// The colour, in whichever form the client writes it.
    private static var calendarColor: LiveProperty {
        .setting(.iCal("calendar-color"), key: .color) { $0.kind.isShownAsCalendar }
    }

    /// The place among other calendars.
    private static var calendarOrder: LiveProperty {
        .setting(.iCal("calendar-order"), key: .order) { $0.kind.isShownAsCalendar }
    }

    /// Whether events of the calendar make the owner busy (RFC 6638 §9.1).
    private static var scheduleCalendarTransp: LiveProperty {
        .elements(
            .calDAV("schedule-calendar-transp"),
            change: { (element, target) throws(DAVError) in
                guard target.kind.isCalendar else { throw .protected }
                guard let element else { return [.transparency: nil] }
                for name in ["opaque", "transparent"] where element.first(.calDAV(name)) != nil {
                    return [.transparency: name]
                }
                throw DAVError(.conflict, message: "The value must be CALDAV:opaque or CALDAV:transparent.")
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.isCalendar else { return nil }
                return [XMLElement(.calDAV(resource.container.isTransparent ? "transparent" : "opaque"))]
            })
    }

    /// When the owner can be met, on an inbox, a home or one calendar (RFC 7953 §7.2.4).
    private static func calendarAvailability(_ name: ElementName) -> LiveProperty {
        .text(
            name,
            change: { (element, target) throws(DAVError) in
                guard target.kind.holdsCalendarObjects || target.context?.isCalendarHome(target.path) == true
                else { throw .protected }
                guard let text = element?.text else { return [.availability: nil] }
                try checkAvailability(text)
                return [.availability: text]
            },
            value: { (resource, _) throws(DAVError) in
                // Who may not set it on a collection finds none there.
                guard resource.isCollection else { return nil }
                return resource.container.metadata[.availability]
            })
    }
}

extension Context {
    /// Whether a principal has its calendars in the container at `path`.
    fileprivate func isCalendarHome(_ path: StorePath) -> Bool {
        do throws(DAVError) {
            guard let owner = principals.owner(of: path), let principal = try container(at: owner) else {
                return false
            }
            return principal.calendarHomes.contains(path)
        } catch {
            log("\(path): \(error.details ?? error.status.description)")
            return false
        }
    }
}

extension ContainerView {
    /// Whether events in the calendar leave the owner free (RFC 6638 §9.1).
    var isTransparent: Bool { metadata[.transparency] == "transparent" }
}

/// RFC 7953 §7.2.4: an iCalendar object with `VAVAILABILITY` and `VTIMEZONE` components only.
private func checkAvailability(_ text: String) throws(DAVError) {
    let calendar: Component
    do {
        calendar = try CalendarParser.parse(Array(text.utf8))
    } catch {
        throw DAVError(.forbidden, violated: .calDAV("valid-calendar-data"), message: "\(error)")
    }
    let others = calendar.components.filter { !$0.isNamed("VTIMEZONE") }
    guard calendar.isNamed("VCALENDAR"), !others.isEmpty,
        others.allSatisfy({ $0.isNamed("VAVAILABILITY") })
    else {
        throw DAVError(
            .forbidden, violated: .calDAV("valid-calendar-data"),
            message: "The value must be a VCALENDAR with VAVAILABILITY components.")
    }
}
