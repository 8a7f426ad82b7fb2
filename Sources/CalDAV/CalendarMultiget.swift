import HTTP
import Store
import WebDAV
import XML

extension Report {
    /// Objects by their URLs (RFC 4791 §7.9).
    static func calendarMultiget(_ services: CalendarServices) -> Report {
        Report(.calDAV("calendar-multiget"), applies: isAboutCalendars) {
            (request, context) throws(DAVError) in
            _ = try services.calendarData(in: request.body)
            let selection = try PropertySelection(
                request.body, fields: request.fields, inReport: true, context: context)
            return try context.multiget(request, selection) { _ in true }
        }
    }

    /// Whether the reports on calendars can be asked of a resource: calendars and what is in them (RFC 4791 §7), and
    /// collections that have no kind of their own, for the calendars below them (§7.2).
    static func isAboutCalendars(_ resource: Resource) -> Bool {
        let kind = resource.container.kind
        return kind.holdsCalendarObjects
            || resource.isCollection && !resource.container.isPrincipal
                && kind.type == CollectionKind.plain.type
    }
}
