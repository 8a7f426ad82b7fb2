/// A calendar object resource: one event, to-do, journal entry or other, with all that belongs to it
/// (RFC 4791 §4.1).
///
/// It has one UID and one type of component besides time zones: at most one master, and overrides of single
/// instances, which have a `RECURRENCE-ID`. Overrides may stand without a master.
///
/// What clients are known to get wrong without loss of meaning is let through: no `VERSION`, `PRODID` or
/// `DTSTAMP`, a `TZID` without its `VTIMEZONE` (RFC 7809 §3.1.3.1), `DTEND` beside `DURATION`, and value types
/// that differ between `DTSTART` and `UNTIL`, `EXDATE` or `RECURRENCE-ID`.
public struct CalendarObject: Hashable, Sendable {
    /// The types of component a resource can hold.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An event (RFC 5545 §3.6.1).
        case event = "VEVENT"
        /// A to-do (RFC 5545 §3.6.2).
        case todo = "VTODO"
        /// A journal entry (RFC 5545 §3.6.3).
        case journal = "VJOURNAL"
        /// Busy time (RFC 5545 §3.6.4).
        case freeBusy = "VFREEBUSY"
        /// Available time (RFC 7953 §3.1).
        case availability = "VAVAILABILITY"
    }

    /// The `VCALENDAR`.
    public let calendar: Component
    /// The UID of all components; compare by bytes, with `hasSameBytes`.
    public let uid: String
    /// The type of the components.
    public let kind: Kind
    /// The component without `RECURRENCE-ID`, if there is one.
    public let master: Component?
    /// The components with `RECURRENCE-ID`, in order.
    public let overrides: [Component]

    /// The master, if any, and the overrides.
    public var components: [Component] {
        (master.map { [$0] } ?? []) + overrides
    }

    /// Reads and checks the body of a PUT (RFC 4791 §5.3.2.1).
    ///
    /// - Throws: `CalendarObjectError`.
    public init(_ bytes: [UInt8], limits: CalendarLimits = .default) throws(CalendarObjectError) {
        let calendar: Component
        do {
            calendar = try CalendarParser.parse(bytes, limits: limits)
        } catch {
            throw .invalidData(reason: error.reason.description, line: error.line)
        }
        try self.init(checking: calendar, isMessage: false, readFrom: bytes)
    }

    /// Checks a calendar that was read or made elsewhere.
    ///
    /// - Throws: `CalendarObjectError`, without line numbers.
    public init(_ calendar: Component) throws(CalendarObjectError) {
        try self.init(checking: calendar, isMessage: false, readFrom: nil)
    }

    /// Checks a scheduling message, which has a `METHOD` and may lack what its method does not need
    /// (RFC 5546 §3, RFC 6638 §2.2).
    ///
    /// - Throws: `CalendarObjectError`, without line numbers.
    public init(message calendar: Component) throws(CalendarObjectError) {
        try self.init(checking: calendar, isMessage: true, readFrom: nil)
    }

    private init(
        checking calendar: Component, isMessage: Bool, readFrom source: [UInt8]?
    ) throws(CalendarObjectError) {
        let validation = CalendarValidation(source: source, isMessage: isMessage)
        try validation.checkCalendar(calendar)
        let (kind, members) = try validation.members(of: calendar)
        let uid = try validation.commonUID(of: members)
        for member in members { try validation.check(member, as: kind) }

        self.calendar = calendar
        self.kind = kind
        self.uid = uid
        self.overrides = members.filter(\.isOverride)
        let masters = members.filter { !$0.isOverride }
        guard masters.count <= 1 else {
            throw .invalidObject(reason: "more than one \(kind.rawValue) without RECURRENCE-ID")
        }
        self.master = masters.first
    }
}

extension Component {
    /// Whether it replaces one instance of a recurring component, or that and all after it.
    public var isOverride: Bool { property("RECURRENCE-ID") != nil }
}
