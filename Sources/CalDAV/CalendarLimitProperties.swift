import ContentLine
import WebDAV
import XML

/// What calendars take, and how they can be searched: protected, and not in `DAV:allprop` (RFC 4791 §5.2, §7.5.1).
extension LiveProperty {
    static func calendarLimits(_ services: CalendarServices) -> [LiveProperty] {
        let resourceBytes = services.limits.resourceBytes
        let attendees = services.limits.attendeesPerInstance
        return [
            .elements(.calDAV("supported-calendar-data")) { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.holdsCalendarObjects else { return nil }
                return supportedCalendarData
            },
            .elements(.calDAV("supported-collation-set")) { (resource, _) throws(DAVError) in
                guard Report.isAboutCalendars(resource) else { return nil }
                return Collation.allCases.map {
                    XMLElement(.calDAV("supported-collation"), text: $0.rawValue)
                }
            },
            // RFC 7529 §6: rules in other calendars are refused.
            .elements(.calDAV("supported-rscale-set")) { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.holdsCalendarObjects else { return nil }
                return [XMLElement(.calDAV("supported-rscale"), text: "GREGORIAN")]
            },
            // RFC 4791 §5.2.5: a request's body is bounded too.
            .limit("max-resource-size") { String(min(resourceBytes, $0.limits.bodyBytes)) },
            .limit("min-date-time") { _ in earliestDateTime },
            .limit("max-date-time") { _ in latestDateTime },
            // RFC 4791 §5.2.8: as many as are stored or expanded; a rule without an end has no number, and is taken.
            .limit("max-instances") { String($0.limits.instances) },
            .limit("max-attendees-per-instance") { _ in attendees.map { String($0) } },
        ]
    }

    /// A bound on what a calendar takes; nil when there is none.
    private static func limit(_ name: String, _ value: @escaping (Context) -> String?) -> LiveProperty {
        .text(.calDAV(name)) { (resource, context) throws(DAVError) in
            guard resource.isCollection, resource.container.kind.holdsCalendarObjects else { return nil }
            return value(context)
        }
    }

    /// RFC 4791 §5.2.4: iCalendar 2.0, in each of its forms.
    private static let supportedCalendarData = CalendarFormat.allCases.map { format in
        XMLElement(
            .calDAV("calendar-data"),
            attributes: [
                (name: ElementName(.none, "content-type"), value: format.mediaType),
                (name: ElementName(.none, "version"), value: "2.0"),
            ])
    }
}
