import ICalendar
public import Index
import Store
import WebDAV
import XML

/// What calendars need besides the request: time zones, bounds, and what was learnt of objects before.
///
/// There is one for each worker, which answers one request at a time.
public final class CalendarServices {
    /// The bytes of the system's TZif file for a name such as `Europe/Vienna`, nil for a name it does not know.
    public let systemZone: (String) -> [UInt8]?
    /// Bounds on what is stored and remembered.
    public let limits: Limits

    /// The one zone for UTC, so that what was worked out with it is known again.
    let utc = TimeZoneDefinition.utc

    /// The URL of a service that hands out the definitions of standard time zones (RFC 7808), nil when none is known.
    public let timezoneService: String?

    /// What schedules, nil when nothing does.
    public let scheduling: SchedulingServices?
    /// The object that was checked last, and its bytes.
    var lastChecked: (bytes: [UInt8], object: CalendarObject)?
    /// When what other processes left in the journal was looked for last.
    var lastResumed: Int64?

    /// Zones; the default one is that of the calendar in question.
    let zones: ZoneResolver
    let objects: RecentCache<StoredObject>
    let records: RecordViews
    /// Versions that cannot be read, which the log was told.
    let unreadable: RecentCache<Bool>
    /// The `CALDAV:calendar-data` of the current report, and what it says.
    var lastCalendarData: (element: XMLElement, request: CalendarDataRequest)?
    /// Whether names of time zones are those of the system's.
    var standardZones: [String: Bool] = [:]
    /// Definitions that were made, by the name and the first year.
    var definitions: [String: Component] = [:]
    /// The `CALDAV:calendar-timezone` that was read last, and its zone.
    var lastTimezone: (text: String, zone: TimeZoneDefinition)?

    /// Makes the services of a worker.
    ///
    /// - Parameters:
    ///   - limits: bounds on what is stored and remembered.
    ///   - index: what all workers remember together, nil for none.
    ///   - scheduling: what schedules, nil when nothing does.
    ///   - timezoneService: the URL of a service that hands out definitions of time zones, nil for none.
    ///   - systemZone: reads the system's TZif file of a time zone; nil for a name that is not one. It gets names from
    ///     clients, so it must not take one for a path.
    public init(
        limits: Limits = Limits(), index: RecordIndex? = nil, scheduling: SchedulingServices? = nil,
        timezoneService: String? = nil,
        systemZone: @escaping (String) -> [UInt8]?
    ) {
        self.scheduling = scheduling
        self.timezoneService = timezoneService
        self.limits = limits
        self.systemZone = systemZone
        self.zones = ZoneResolver(systemZone: systemZone)
        self.objects = RecentCache(capacity: limits.cachedBytes)
        self.unreadable = RecentCache(capacity: 1000)
        self.records = RecordViews(
            index, ObjectRecord.format, maxBytes: limits.cachedRecordBytes, facts: ObjectRecord.facts)
    }

    /// Bounds on calendars.
    public struct Limits: Hashable, Sendable {
        /// Bytes of one object (`CALDAV:max-resource-size`, RFC 4791 §5.2.5).
        public var resourceBytes: Int
        /// `ATTENDEE` properties of one component, nil for no bound (RFC 4791 §5.2.9).
        public var attendeesPerInstance: Int?
        /// Objects that one query may return (`DAV:number-of-matches-within-limits`, RFC 4791 §7.8).
        public var matches: Int
        /// Memory in bytes, about, of the objects that are kept between requests.
        public var cachedBytes: Int
        /// Bytes of what is remembered of the objects of all calendars but the one in question.
        public var cachedRecordBytes: Int

        /// Makes limits.
        public init(
            resourceBytes: Int = 20 << 20, attendeesPerInstance: Int? = nil, matches: Int = 100_000,
            cachedBytes: Int = 8 << 20, cachedRecordBytes: Int = 24 << 20
        ) {
            self.resourceBytes = resourceBytes
            self.attendeesPerInstance = attendeesPerInstance
            self.matches = matches
            self.cachedBytes = cachedBytes
            self.cachedRecordBytes = cachedRecordBytes
        }
    }
}
