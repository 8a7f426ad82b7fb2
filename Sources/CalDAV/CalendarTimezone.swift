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
                // RFC 7809 §3.1.5: both properties say the same.
                return [.timezone: text, .timezoneID: try services.timezoneName(text)]
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.holdsCalendarObjects else { return nil }
                let metadata = resource.container.metadata
                return metadata[.timezone]
                    ?? metadata[.timezoneID].flatMap { services.timezoneObject(named: $0) }
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
                let metadata = resource.container.metadata
                if let tzid = metadata[.timezoneID] { return tzid }
                guard let text = metadata[.timezone] else { return nil }
                // What was stored before it was checked may name none.
                do { return try services.timezoneName(text) } catch { return nil }
            })
    }
}

extension CalendarServices {
    /// The name by which a `CALDAV:calendar-timezone` calls its zone.
    ///
    /// - Throws: 403 `CALDAV:valid-calendar-data` when it is none.
    fileprivate func timezoneName(_ text: String) throws(DAVError) -> String {
        let zone = try timezone(text)
        // A zone without observances is found by a part of its name.
        do {
            let calendar = try CalendarParser.parse(Array(text.utf8))
            return calendar.components.first?.property("TZID")?.value.trimmingBlanks ?? zone.tzid
        } catch {
            return zone.tzid
        }
    }
}
