import ContentLine
import HTTP
import ICalendar
import Store
import WebDAV
import XML

/// The time zone of dates, and of times without a zone (RFC 4791 §7.3).
enum FloatingZone {
    /// A `VTIMEZONE`.
    case definition(Component)
    /// The name of one of the system's zones.
    case name(String)
    /// None is known: UTC.
    case utc

    /// Reads `CALDAV:timezone` (RFC 4791 §9.8) or `CALDAV:timezone-id` (RFC 7809 §6) of a report; nil when neither is
    /// there.
    ///
    /// - Throws: 403 `CALDAV:valid-calendar-data`, `CALDAV:valid-timezone`.
    init?(in body: XMLElement, _ services: CalendarServices) throws(DAVError) {
        if let text = body.first(.calDAV("timezone"))?.text {
            self = .definition(try timezoneComponent(text))
        } else if let tzid = body.first(.calDAV("timezone-id"))?.text.trimmingBlanks {
            guard services.systemZone(tzid) != nil else { throw .unknownTimezone }
            self = .name(tzid)
        } else {
            return nil
        }
    }
}

extension ContainerView {
    /// The time zone of the calendar (RFC 4791 §5.2.2), UTC when it has none.
    ///
    /// What was stored before such values were checked may be no time zone; then its name counts, if it has one.
    var floatingZone: FloatingZone {
        let named = metadata[.timezoneID].map { FloatingZone.name($0) } ?? .utc
        guard let text = metadata[.timezone] else { return named }
        do {
            return .definition(try timezoneComponent(text))
        } catch {
            return named
        }
    }
}

extension XMLElement {
    /// The body of a report with its time zone also in `CALDAV:calendar-data`, where expansion needs it.
    var withZoneInCalendarData: XMLElement {
        let zones = elements.filter { $0.name == .calDAV("timezone") || $0.name == .calDAV("timezone-id") }
        guard !zones.isEmpty else { return self }
        var body = self
        body.children = children.map { child in
            guard case .element(var prop) = child, prop.name == .prop else { return child }
            prop.children = prop.children.map { child in
                guard case .element(var data) = child, data.name == .calDAV("calendar-data") else {
                    return child
                }
                data.children += zones.map { .element($0) }
                return .element(data)
            }
            return .element(prop)
        }
        return body
    }
}

extension DAVError {
    /// `CALDAV:valid-timezone` (RFC 7809 §5.2).
    static var unknownTimezone: DAVError {
        DAVError(.forbidden, violated: .calDAV("valid-timezone"), message: "There is no such time zone.")
    }
}
