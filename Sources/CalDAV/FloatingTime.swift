import ContentLine
import HTTP
import ICalendar
import Store
import WebDAV
import XML

/// The time zone of dates, and of times without a zone (RFC 4791 §7.3).
extension CalendarServices {
    /// The zone that a report gives: `CALDAV:timezone` (RFC 4791 §9.8) or `CALDAV:timezone-id` (RFC 7809 §6);
    /// nil when it gives none.
    ///
    /// - Throws: 403 `CALDAV:valid-calendar-data`, `CALDAV:valid-timezone`.
    func floatingZone(in element: XMLElement) throws(DAVError) -> TimeZoneDefinition? {
        if let text = element.first(.calDAV("timezone"))?.text { return try timezone(text) }
        guard let tzid = element.first(.calDAV("timezone-id"))?.text.trimmingBlanks else { return nil }
        guard systemZone(tzid) != nil, let zone = zones.zone(named: tzid) else { throw .unknownTimezone }
        return zone
    }

    /// The zone of a calendar (RFC 4791 §5.2.2), UTC when it has none.
    ///
    /// What was stored before such values were checked may be no time zone; then its name counts, if it has one.
    func floatingZone(of container: ContainerView) -> TimeZoneDefinition {
        let metadata = container.metadata
        let named = metadata[.timezoneID].flatMap { zones.zone(named: $0) } ?? utc
        guard let text = metadata[.timezone] else { return named }
        if let (known, zone) = lastTimezone, known == text { return zone }
        do {
            let zone = try timezone(text)
            lastTimezone = (text, zone)
            return zone
        } catch {
            return named
        }
    }

    /// The zone that the one `VTIMEZONE` in an iCalendar object defines (RFC 4791 §5.2.2, §9.8).
    ///
    /// - Throws: 403 `CALDAV:valid-calendar-data` for anything else.
    func timezone(_ text: String) throws(DAVError) -> TimeZoneDefinition {
        let calendar: Component
        do {
            calendar = try CalendarParser.parse(Array(text.utf8))
        } catch {
            throw DAVError(.forbidden, violated: .calDAV("valid-calendar-data"), message: "\(error)")
        }
        guard calendar.isNamed("VCALENDAR"), calendar.components.count == 1,
            let zone = zones.definedZone(in: calendar)
        else {
            throw DAVError(
                .forbidden, violated: .calDAV("valid-calendar-data"),
                message: "The value must be a VCALENDAR with exactly one VTIMEZONE.")
        }
        return zone
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
