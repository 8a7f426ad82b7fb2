import ContentLine
import HTTP
import ICalendar
import Index
import Scheduling
import Store
import WebDAV

/// When a calendar user is busy (RFC 5546 §3.3, RFC 6638 §5).
struct BusyTime {
    let user: CalendarUser
    let services: CalendarServices
    let context: Context
    /// A UID that does not count: that of the object for which a time is looked for.
    var ignoredUID: String?

    /// What takes up the user's time between two instants, in all calendars that count (RFC 6638 §9.1).
    func periods(from start: Instant, to end: Instant) throws(DAVError) -> FreeBusy {
        var busy = FreeBusy(start: start, end: end)
        var availability = Availability(from: start, to: end)
        let calendars = try user.calendars()
        for calendar in calendars where !calendar.isTransparent {
            try add(calendar, to: &busy, &availability)
        }
        for container in try [user.inbox()].compactMap(\.self) + user.homes() + calendars {
            services.add(availabilityOf: container, to: &availability)
        }
        for period in availability.unavailable { busy.add(period) }
        return busy
    }

    private func add(
        _ calendar: ContainerView, to busy: inout FreeBusy, _ availability: inout Availability
    ) throws(DAVError) {
        services.zones.defaultZone = services.floatingZone(of: calendar)
        let range = TimeRange(start: busy.start, end: busy.end)
        let collection = try calendar.collection()
        let snapshot = try storing { () throws(StoreError) in try collection.snapshot() }
        let view = services.view(of: calendar, at: snapshot, context)
        var found: [RecordView.Place] = []
        view.forEachRecord(at: view.places(touching: range.bounds.from, range.bounds.to)) { place, bytes in
            let record = ObjectRecord(bytes)
            guard record.isReadable, record.answer(on: range, in: bytes) != .no,
                !isIgnored(record, bytes)
            else { return }
            found.append(place)
        }
        for place in found { try add(view.item(at: place), snapshot, to: &busy, &availability) }
    }

    private func isIgnored(_ record: ObjectRecord, _ bytes: Span<UInt8>) -> Bool {
        guard let ignoredUID, let uid = record.uid(in: bytes), uid.count == ignoredUID.utf8.count else {
            return false
        }
        for (offset, byte) in ignoredUID.utf8.enumerated() where bytes[uid.lowerBound + offset] != byte {
            return false
        }
        return true
    }

    private func add(
        _ item: Item, _ snapshot: any Snapshot, to busy: inout FreeBusy, _ availability: inout Availability
    ) throws(DAVError) {
        let bytes = try storing { () throws(StoreError) in try snapshot.bytes(of: item.version) }
        var object: Component
        do { object = try CalendarParser.parse(bytes) } catch { return }
        availability.add(object, services.zones)
        for index in object.components.indices {
            object.components[index].countAsAnswered(by: user.addresses)
        }
        do {
            try busy.add(object, zones: services.zones, limits: services.recurrenceLimits(context))
        } catch {
            throw DAVError(
                .forbidden, violated: .dav("number-of-matches-within-limits"),
                message: "The time has too many instances in it.")
        }
    }
}

extension Component {
    /// What the user declined takes no time, and what they have not accepted may take none.
    fileprivate mutating func countAsAnswered(by user: Set<CalendarUserAddress>) {
        guard isNamed("VEVENT"),
            let line = properties.first(where: { line in
                line.isNamed("ATTENDEE") && user.contains(CalendarUserAddress(line.value))
            })
        else { return }
        let isOrganizer = property("ORGANIZER").map { user.contains(CalendarUserAddress($0.value)) } ?? true
        switch line.parameter("PARTSTAT")?.values.first?.uppercased() ?? "NEEDS-ACTION" {
        case "DECLINED", "DELEGATED": setProperty(ContentLine(name: "TRANSP", value: "TRANSPARENT"))
        case "NEEDS-ACTION" where !isOrganizer, "TENTATIVE":
            guard !(property("STATUS")?.value.isName("CANCELLED") ?? false) else { return }
            setProperty(ContentLine(name: "STATUS", value: "TENTATIVE"))
        default: break
        }
    }
}
