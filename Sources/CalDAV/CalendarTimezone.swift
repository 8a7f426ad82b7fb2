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
                let tzid = try services.timezone(text).tzid
                // RFC 7809 §5.2: both properties say the same, where the zone is one that both can name.
                return [.timezone: text, .timezoneID: services.systemZone(tzid) == nil ? nil : tzid]
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
