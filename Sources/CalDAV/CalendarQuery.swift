import HTTP
import ICalendar
import Store
import WebDAV
import XML

extension Report {
    /// Objects that match a filter (RFC 4791 §7.8).
    static func calendarQuery(_ services: CalendarServices) -> Report {
        Report(.calDAV("calendar-query"), applies: isAboutCalendars) { (request, context) throws(DAVError) in
            try CalendarQuery(request, services, context).response()
        }
    }
}

/// One `CALDAV:calendar-query` report.
private struct CalendarQuery {
    let request: ReportRequest
    let services: CalendarServices
    let context: Context
    let selection: PropertySelection
    /// Nil for all objects: RFC 4791 §9.5 asks for a filter, but clients leave it out to get everything.
    let filter: CompFilter?
    let zone: TimeZoneDefinition?

    init(_ request: ReportRequest, _ services: CalendarServices, _ context: Context) throws(DAVError) {
        self.request = request
        self.services = services
        self.context = context
        _ = try services.calendarData(in: request.body)
        var filter: CompFilter?
        if let element = request.body.first(.calDAV("filter")) { filter = try CompFilter(filter: element) }
        self.filter = filter
        self.zone = try services.floatingZone(in: request.body)
        self.selection = try PropertySelection(
            request.body.withZoneInCalendarData, fields: request.fields, inReport: true, context: context)
    }

    func response() throws(DAVError) -> Response {
        let found = try matches()
        // RFC 4791 §7.8.
        guard found.reduce(0, { $0 + $1.items.count }) <= services.limits.matches else {
            throw DAVError(
                .forbidden, violated: .dav("number-of-matches-within-limits"),
                message: "More than \(services.limits.matches) objects match.")
        }
        return context.multistatus { (multistatus) throws(StreamError) in
            for (container, items) in found { try multistatus.write(items, in: container, selection) }
        }
    }

    private func matches() throws(DAVError) -> [(container: ContainerView, items: Items)] {
        if let item = request.resource.item {
            let container = request.resource.container
            return try search(in: container).matches(item) ? [(container, Items([item]))] : []
        }
        var found: [(container: ContainerView, items: Items)] = []
        for container in try request.calendars() {
            found.append((container, try search(in: container).matches()))
        }
        return found
    }

    private func search(in container: ContainerView) -> CalendarSearch {
        CalendarSearch(filter, in: container, zone: zone, services, context)
    }
}

extension ReportRequest {
    /// The calendars whose objects the report is about.
    ///
    /// RFC 4791 §7.8 takes a missing Depth for 0, which leaves a calendar without any object; clients that leave
    /// it out want what is in the calendar, and get it.
    func calendars(allowing privileges: Privileges = .read) throws(DAVError) -> [ContainerView] {
        let container = resource.container
        switch depth ?? .one {
        case .zero: return []
        case .one: return container.kind.holdsCalendarObjects ? [container] : []
        case .infinity: return try container.calendarsWithin(allowing: privileges)
        }
    }
}

extension ContainerView {
    /// The calendar itself, or all calendars below.
    fileprivate func calendarsWithin(
        allowing privileges: Privileges
    ) throws(DAVError) -> [ContainerView] {
        if kind.holdsCalendarObjects { return [self] }
        var found: [ContainerView] = []
        // RFC 4791 §7.2: below an ordinary collection only calendars count.
        for child in try children(allowing: privileges) {
            found += try child.calendarsWithin(allowing: privileges).filter(\.kind.isCalendar)
        }
        return found
    }
}
