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
            let hrefs = request.body.all(.href).map { $0.text.trimmingWhitespace }
            guard !hrefs.isEmpty else {
                throw DAVError(.badRequest, message: "A calendar-multiget needs DAV:href elements.")
            }
            let selection = try PropertySelection(
                request.body, fields: request.fields, inReport: true, context: context)
            // RFC 4791 §7.9: Depth is passed over. Objects elsewhere, which the RFC leaves out, are answered too when
            // the user may read them.
            return context.multistatus { (multistatus) throws(StreamError) in
                var seen: Set<String> = []
                for href in hrefs {
                    let resource = context.resource(href: absolute(href, on: request.resource))
                    guard seen.insert(resource?.href ?? href).inserted else { continue }
                    if let resource {
                        try multistatus.write(resource, selection)
                    } else {
                        // Clients find what is gone by the href that they sent.
                        try multistatus.write(href: href, .notFound)
                    }
                }
            }
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

/// An `href` that may be relative to the URL of `resource` (RFC 4918 §8.3).
private func absolute(_ href: String, on resource: Resource) -> String {
    guard href.utf8.first != UInt8(ascii: "/"), !href.contains("://") else { return href }
    return resource.container.href + href
}
