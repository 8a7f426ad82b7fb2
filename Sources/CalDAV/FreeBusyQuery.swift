import ContentLine
import HTTP
import ICalendar
import Index
import Store
import WebDAV
import XML

extension Report {
    /// When the events of calendars take up time (RFC 4791 §7.10).
    static func freeBusyQuery(_ services: CalendarServices) -> Report {
        Report(
            // RFC 4791 §6.1.1: also for those who may read nothing else. §7.10: 404 for the others.
            .calDAV("free-busy-query"), needs: .readFreeBusy, hidesWithoutPrivileges: true,
            // RFC 4791 §7.10: not on an object.
            applies: { $0.isCollection && isAboutCalendars($0) },
            handle: { (request, context) throws(DAVError) in
                try FreeBusyQuery(request, services, context).response()
            })
    }
}

/// One `CALDAV:free-busy-query` report.
private struct FreeBusyQuery {
    let request: ReportRequest
    let services: CalendarServices
    let context: Context
    let start: Instant
    let end: Instant

    init(_ request: ReportRequest, _ services: CalendarServices, _ context: Context) throws(DAVError) {
        self.request = request
        self.services = services
        self.context = context
        let ranges = request.body.all(.calDAV("time-range"))
        guard ranges.count == 1, let element = ranges.first else {
            throw .invalidFilter("A free-busy-query has exactly one time-range.")
        }
        let range = try TimeRange(filter: element)
        // RFC 4791 §9.9 lets ranges be open, but what is busy without end cannot be written down.
        guard let start = range.start, let end = range.end else {
            throw .invalidFilter("The time-range of a free-busy-query has a start and an end.")
        }
        self.start = start
        self.end = end
    }

    func response() throws(DAVError) -> Response {
        var busy = FreeBusy(start: start, end: end)
        var availability = Availability(from: start, to: end)
        var owners: Set<StorePath> = []
        for calendar in try request.calendars(allowing: .readFreeBusy) where calendar.kind.isCalendar {
            // RFC 6638 §9.1: what a transparent calendar holds takes up no time of its owner; alone, it tells.
            guard !calendar.isTransparent || calendar.path == request.resource.container.path else {
                continue
            }
            try add(calendar, to: &busy, &availability)
            services.add(availabilityOf: calendar, to: &availability)
            if let owner = context.principals.owner(of: calendar.location) { owners.insert(owner) }
        }
        for owner in owners { try addAvailability(of: owner, to: &availability) }
        for period in availability.unavailable { busy.add(period) }
        let answer = Component(
            name: "VCALENDAR",
            properties: [
                ContentLine(name: "VERSION", value: "2.0"),
                ContentLine(name: "PRODID", value: productIdentifier),
            ],
            components: [
                busy.component(
                    uid: "free-busy-\(start)-\(end)", stamp: Instant(secondsSinceEpoch: context.now))
            ])
        return Response(
            .ok, fields: ["Content-Type": "text/calendar; charset=utf-8"],
            body: .bytes(CalendarWriter.bytes(of: answer)))
    }

    /// What the owner of calendars has set for all of them (RFC 7953 §7.2.4), where the user may see it.
    private func addAvailability(
        of owner: StorePath, to availability: inout Availability
    ) throws(DAVError) {
        let domain = services.scheduling?.mailDomain
        guard let user = try CalendarUser(owner, mailDomain: domain, context) else { return }
        for container in try [user.inbox()].compactMap(\.self) + user.homes()
        where container.privileges.isSuperset(of: .readFreeBusy) {
            services.add(availabilityOf: container, to: &availability)
        }
    }

    private func add(
        _ calendar: ContainerView, to busy: inout FreeBusy, _ availability: inout Availability
    ) throws(DAVError) {
        services.zones.defaultZone = services.floatingZone(of: calendar)
        let range = TimeRange(start: start, end: end)
        let view = services.view(of: calendar, at: try calendar.snapshot(), context)
        var open: [RecordView.Place] = []
        view.forEachRecord(at: view.places(touching: range.bounds.from, range.bounds.to)) { place, record in
            if !ObjectRecord(record).add(to: &busy, in: range, record) { open.append(place) }
        }
        for place in open {
            guard let object = services.storedObject(view.item(at: place), in: calendar, context) else {
                continue
            }
            do {
                // RFC 7953 §7.2.3.
                availability.add(object.calendar, services.zones)
                try busy.add(object.recurrences)
            } catch {
                // RFC 4791 §7.10.
                throw DAVError(
                    .forbidden, violated: .dav("number-of-matches-within-limits"),
                    message: "The time-range has too many instances in it.")
            }
        }
    }
}

extension ObjectRecord {
    /// Adds when the object takes up time in `range`; false when that can only be told by the object itself.
    func add(to busy: inout FreeBusy, in range: TimeRange, _ record: Span<UInt8>) -> Bool {
        guard isReadable, answer(on: range, in: record) != .no else { return true }
        let type: FreeBusy.BusyType
        switch busyKind {
        case .unknown: return !mayBeBusy(record)
        case .free: return true
        case .busy: type = .busy
        case .tentative: type = .busyTentative
        }
        let (span, series) = times(in: record)
        if span.isExact, span.slack == 0 {
            busy.add(type, from: Instant(seconds: span.start), to: Instant(seconds: span.end))
            return true
        }
        let (from, to) = range.bounds
        return series?.forEachExact(from: from, to: to, in: record) { start, end in
            busy.add(type, from: Instant(seconds: start), to: Instant(seconds: end))
        } ?? false
    }

    /// Whether the object has components that may take up time.
    private func mayBeBusy(_ record: Span<UInt8>) -> Bool {
        isMixed || record.isEqual(component, to: "VEVENT".utf8.span)
            || record.isEqual(component, to: "VFREEBUSY".utf8.span)
            || record.isEqual(component, to: "VAVAILABILITY".utf8.span)
    }
}

extension Instant {
    fileprivate init(seconds: Int) { self.init(secondsSinceEpoch: Int64(seconds)) }
}
