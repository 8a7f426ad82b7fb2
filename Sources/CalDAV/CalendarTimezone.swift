import ContentLine
import HTTP
import ICalendar
import Store
import WebDAV
import XML

extension LiveProperty {
    /// The time zone of times that have none of their own (RFC 4791 §5.2.2).
    static func calendarTimezone(_ services: CalendarServices) -> LiveProperty {
        .text(
            .calDAV("calendar-timezone"),
            change: { (element, target) throws(DAVError) in
                guard target.kind.holdsCalendarObjects else { throw .protected }
                guard let text = element?.text else { return [.timezone: nil, .timezoneID: nil] }
                let zone = try timezoneComponent(text)
                // RFC 7809 §5.2: both properties say the same, where the zone is one that both can name.
                let tzid = zone.text("TZID").flatMap { services.systemZone($0) == nil ? nil : $0 }
                return [.timezone: text, .timezoneID: tzid]
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.holdsCalendarObjects else { return nil }
                return resource.container.metadata[.timezone]
            })
    }

    /// The same by its name (RFC 7809 §5.2).
    static func calendarTimezoneID(_ services: CalendarServices) -> LiveProperty {
        .text(
            .calDAV("calendar-timezone-id"),
            change: { (element, target) throws(DAVError) in
                guard target.kind.holdsCalendarObjects else { throw .protected }
                guard let tzid = element?.text.trimmingBlanks else {
                    return [.timezone: nil, .timezoneID: nil]
                }
                guard services.systemZone(tzid) != nil else { throw .unknownTimezone }
                return [.timezone: nil, .timezoneID: tzid]
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.holdsCalendarObjects else { return nil }
                return resource.container.metadata[.timezoneID]
            })
    }
}

/// The one `VTIMEZONE` in an iCalendar object (RFC 4791 §5.2.2, §9.8).
///
/// - Throws: 403 `CALDAV:valid-calendar-data` for anything else.
func timezoneComponent(_ text: String) throws(DAVError) -> Component {
    let calendar: Component
    do {
        calendar = try CalendarParser.parse(Array(text.utf8))
    } catch {
        throw DAVError(.forbidden, violated: .calDAV("valid-calendar-data"), message: "\(error)")
    }
    guard calendar.isNamed("VCALENDAR"), calendar.components.count == 1,
        let zone = calendar.components.first, zone.isNamed("VTIMEZONE"),
        zone.text("TZID")?.isEmpty == false,
        zone.components.contains(where: { $0.isNamed("STANDARD") || $0.isNamed("DAYLIGHT") })
    else {
        throw DAVError(
            .forbidden, violated: .calDAV("valid-calendar-data"),
            message: "The value must be a VCALENDAR with exactly one VTIMEZONE.")
    }
    return zone
}
