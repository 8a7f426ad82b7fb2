internal import ContentLine

/// Finds the time zones that calendars name (RFC 5545 §3.2.19).
///
/// A zone is looked for in the object itself, then, by a name of the IANA database, among the system's zones.
/// Names that end in an IANA name after a prefix, and the names Windows uses, are understood. What is not found
/// is the default zone. All zones found are kept, so one resolver should serve many objects.
public final class ZoneResolver {
    /// The zone of floating times, of whole days and of unknown names: that of the calendar collection.
    public var defaultZone: TimeZoneDefinition

    private let systemZone: (String) -> [UInt8]?
    private var systemZones: [String: TimeZoneDefinition?] = [:]
    private var objectZones: [String: (component: Component, zone: TimeZoneDefinition?)] = [:]

    /// Makes a resolver.
    ///
    /// - Parameters:
    ///   - defaultZone: The zone of floating times and whole days, UTC unless given.
    ///   - systemZone: Gives the TZif file of an IANA name, or nil. Names come from clients, so it must not take
    ///     one for a path without looking at it.
    public init(defaultZone: TimeZoneDefinition = .utc, systemZone: @escaping (String) -> [UInt8]?) {
        self.defaultZone = defaultZone
        self.systemZone = systemZone
    }

    /// The zones of one calendar object.
    public func zones(of calendar: Component) -> CalendarZones {
        CalendarZones(calendar, resolver: self)
    }

    /// The zone a `VTIMEZONE` in `calendar` defines, such as the value of `CALDAV:calendar-timezone`.
    ///
    /// Nil when there is none, or when the one there is has neither observances nor a known name.
    public func definedZone(in calendar: Component) -> TimeZoneDefinition? {
        for component in calendar.components where component.isNamed("VTIMEZONE") {
            if let zone = zone(component) { return zone }
            if let tzid = component.property("TZID")?.value, let zone = zone(named: tzid) { return zone }
        }
        return nil
    }

    /// A system zone by its IANA name, a name that ends in one, or a name of Windows.
    public func zone(named tzid: String) -> TimeZoneDefinition? {
        if let known = systemZones[tzid] { return known }
        var found: TimeZoneDefinition?
        for name in Self.systemNames(of: tzid) {
            if let bytes = systemZone(name) {
                // A damaged file is as good as none.
                do { found = try TimeZoneDefinition(tzid: name, tzif: bytes) } catch { continue }
                break
            }
            if name.isName("UTC") || name.isName("Z") || name.isName("GMT") || name.isName("ETC/UTC") {
                found = .utc
                break
            }
        }
        systemZones[tzid] = .some(found)
        return found
    }

    /// The zone of a `VTIMEZONE`, read once as long as its text does not change.
    func zone(_ component: Component) -> TimeZoneDefinition? {
        guard let tzid = component.property("TZID")?.value else { return nil }
        if let known = objectZones[tzid], known.component == component { return known.zone }
        let zone = TimeZoneDefinition(component)
        objectZones[tzid] = (component, zone)
        return zone
    }

    /// The names under which the system may know `tzid`, best first.
    static func systemNames(of tzid: String) -> [String] {
        var names = [tzid]
        if let iana = windowsZones[tzid.lowercased()] { names.append(iana) }
        // Names that are to be unique in the world have a prefix, as in /mozilla.org/20050126_1/Europe/Berlin.
        if tzid.utf8.first == UInt8(ascii: "/") {
            let parts = tzid.split(separator: "/")
            for count in stride(from: min(3, parts.count), to: 0, by: -1) {
                names.append(parts.suffix(count).joined(separator: "/"))
            }
        }
        return names
    }
}

/// The time zones of one calendar object, and the instants of its dates and times.
public struct CalendarZones {
    private let resolver: ZoneResolver
    private var ownZones: [(tzid: String, zone: TimeZoneDefinition)] = []

    init(_ calendar: Component, resolver: ZoneResolver) {
        self.resolver = resolver
        for component in calendar.components where component.isNamed("VTIMEZONE") {
            guard let zone = resolver.zone(component) else { continue }
            ownZones.append((zone.tzid, zone))
        }
    }

    /// The zone of floating times, of whole days and of unknown names.
    public var defaultZone: TimeZoneDefinition { resolver.defaultZone }

    /// The zone of that name; the default zone when there is none.
    public func zone(_ tzid: String) -> TimeZoneDefinition {
        ownZones.first { $0.tzid.hasSameBytes(as: tzid) }?.zone ?? resolver.zone(named: tzid) ?? defaultZone
    }

    /// The zone in which a value is to be read.
    public func zone(of value: DateTimeValue) -> TimeZoneDefinition {
        switch value {
        case .date, .floating: defaultZone
        case .utc: .utc
        case .zoned(_, let tzid): zone(tzid)
        }
    }

    /// The instant of a value; for a date, the midnight that starts it.
    public func instant(_ value: DateTimeValue) -> Instant {
        switch value {
        case .utc(let time): Instant(utc: time)
        case .date, .floating, .zoned: zone(of: value).instant(ofLocal: value.local)
        }
    }

    /// The instant `duration` after a value (RFC 5545 §3.3.6).
    ///
    /// Days move the local date; hours, minutes and seconds are then counted exactly.
    public func instant(_ value: DateTimeValue, adding duration: ICalendarDuration) -> Instant {
        instant(value.with(local: value.local.adding(days: duration.days))) + duration.seconds
    }

    /// A value of the form of `model` for an instant: its date, or its local time.
    public func value(at instant: Instant, like model: DateTimeValue) -> DateTimeValue {
        switch model {
        case .utc: .utc(instant.utc)
        case .date, .floating, .zoned: model.with(local: zone(of: model).local(at: instant))
        }
    }
}
