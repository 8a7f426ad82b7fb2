import ContentLine
import HTTP
import ICalendar
import Index
import Store
import WebDAV

/// An object as it is stored, and as it reads, worked out when it is asked for.
final class StoredObject {
    /// The bytes, which `calendar` keeps anyway.
    let bytes: [UInt8]
    private(set) lazy var isUTF8 = bytes.isUTF8
    private(set) lazy var calendar = Result { () throws(CalendarParseError) in
        try CalendarParser.parse(bytes)
    }

    /// The recurrences, the zone for times without one with which they were worked out, and the limits.
    private var recurrences: (set: RecurrenceSet, zone: TimeZoneDefinition, limits: RecurrenceLimits)?
    /// What writes expansions of just those recurrences, once somebody asked for it; nil in it where none can.
    private var expansion: ExpansionWriter??

    /// Bytes of memory that it takes, about: each of the few lines of a common event takes many times its text, those
    /// of a long one far less.
    var byteCount: Int { 8192 + 2 * bytes.count }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The recurrences of the calendar, worked out anew only for another zone.
    fileprivate func recurrences(
        of calendar: Component, _ zones: ZoneResolver, _ limits: RecurrenceLimits
    ) -> RecurrenceSet {
        if let (set, zone, known) = recurrences, zone === zones.defaultZone, known == limits { return set }
        let set = RecurrenceSet(calendar, zones: zones, limits: limits)
        recurrences = (set, zones.defaultZone, limits)
        expansion = nil
        return set
    }

    /// What writes expansions of the calendar, nil where it is too unusual for that.
    fileprivate func expansion(
        of calendar: Component, _ zones: ZoneResolver, _ limits: RecurrenceLimits
    ) -> ExpansionWriter? {
        let set = recurrences(of: calendar, zones, limits)
        if let expansion { return expansion }
        let made = ExpansionWriter(calendar, set)
        expansion = .some(made)
        return made
    }
}

/// An object that can be read, for one request.
struct StoredCalendar {
    /// What it says.
    let calendar: Component
    /// How much work its recurrences may make.
    let limits: RecurrenceLimits
    fileprivate let object: StoredObject
    fileprivate let zones: ZoneResolver

    /// Its recurrences, times without a zone being in the current default zone.
    var recurrences: RecurrenceSet { object.recurrences(of: calendar, zones, limits) }

    /// What writes its expansions, likewise; nil where `Component.expanded` has to be written.
    var expansion: ExpansionWriter? { object.expansion(of: calendar, zones, limits) }
}

extension CalendarServices {
    /// An item as it is stored.
    func stored(_ resource: Resource, _ version: ItemVersion) throws(DAVError) -> StoredObject {
        if let known = objects[version] { return known }
        let object = StoredObject(try resource.bytes())
        objects.insert(object, for: version, cost: object.byteCount)
        return object
    }

    /// The calendar that an item holds, nil when it cannot be read: the log tells once, and the others go on.
    func storedObject(
        _ item: Item, in container: ContainerView, _ context: Context
    ) -> StoredCalendar? {
        guard unreadable[item.version] == nil else { return nil }
        let object: StoredObject
        do {
            object = try stored(Resource(container: container, item: item), item.version)
        } catch {
            // What the store fails to hand out now it may hand out later.
            context.log("\(container.path)/\(item.name): \(error.details ?? error.status.description)")
            return nil
        }
        switch object.calendar {
        case .success(let calendar):
            return StoredCalendar(
                calendar: calendar, limits: recurrenceLimits(context), object: object, zones: zones)
        case .failure(let error):
            context.log("\(container.path)/\(item.name): \(error)")
            unreadable.insert(true, for: item.version, cost: 1)
            return nil
        }
    }
}

extension CalendarServices {
    /// The records of a calendar.
    func view(
        of container: ContainerView, at snapshot: any Snapshot, _ context: Context
    ) -> RecordView {
        records.view(of: container.path, at: snapshot) { version in
            context.changes(in: container, from: version, to: snapshot)
        } make: { item in
            record(of: item, in: container, at: snapshot, context)
        }
    }

    /// The UIDs in a calendar.
    func uids(in container: ContainerView, at snapshot: any Snapshot, _ context: Context) -> CollectionUIDs {
        let view = view(of: container, at: snapshot, context)
        return CollectionUIDs {
            view.names(withUID: $0.utf8)
        } uid: { name in
            view.text(named: name) { ObjectRecord($0).uid(in: $0) }
        }
    }

    /// The record of an object that the index does not know; nil when the store does not hand it out.
    private func record(
        of item: Item, in container: ContainerView, at snapshot: any Snapshot, _ context: Context
    ) -> [UInt8]? {
        let bytes: [UInt8]
        do {
            bytes = try snapshot.bytes(of: item.version)
        } catch {
            context.log("\(container.path)/\(item.name): \(error)")
            return nil
        }
        do {
            return ObjectRecord.bytes(of: try CalendarParser.parse(bytes))
        } catch {
            context.log("\(container.path)/\(item.name): \(error)")
            unreadable.insert(true, for: item.version, cost: 1)
            return ObjectRecord.bytes(of: nil)
        }
    }
}

extension CalendarServices {
    /// How much work the recurrences of one object may make in a request.
    func recurrenceLimits(_ context: Context) -> RecurrenceLimits {
        RecurrenceLimits(maxInstances: context.limits.instances)
    }
}
