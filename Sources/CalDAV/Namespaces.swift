import ContentLine
import Store
public import WebDAV
public import XML

extension Namespace {
    /// `urn:ietf:params:xml:ns:caldav` (RFC 4791 §1.2).
    public static let calDAV = Namespace("urn:ietf:params:xml:ns:caldav")
    /// The namespace of colour and order, which every client knows.
    static let iCal = Namespace("http://apple.com/ns/ical/")
}

extension ElementName {
    /// A name in `urn:ietf:params:xml:ns:caldav`.
    public static func calDAV(_ local: String) -> ElementName {
        ElementName(.calDAV, local)
    }

    /// A name in the namespace of colour and order.
    static func iCal(_ local: String) -> ElementName {
        ElementName(.iCal, local)
    }

    /// A name in the namespace of calendar subscriptions, change tags and proxies.
    static func calendarServer(_ local: String) -> ElementName {
        ElementName(.calendarServer, local)
    }
}

extension Condition {
    /// A condition of CalDAV whose element is empty.
    public static func calDAV(_ local: String) -> Condition {
        .named(.calDAV(local))
    }

    /// `CALDAV:unique-scheduling-object-resource` and the URL that has the UID (RFC 6638 §3.2.4.1).
    static func uniqueSchedulingObjectResource(_ href: String) -> Condition {
        Condition(
            XMLElement(
                .calDAV("unique-scheduling-object-resource"),
                children: [.element(XMLElement(.href, text: href))]))
    }

    /// `CALDAV:no-uid-conflict` and the URL that has the UID (RFC 4791 §5.3.2.1).
    static func noUIDConflict(_ href: String) -> Condition {
        Condition(
            XMLElement(
                .calDAV("no-uid-conflict"), children: [.element(XMLElement(.href, text: href))]))
    }
}

extension MetadataKey {
    /// What the calendar is about.
    static let description = MetadataKey("description")
    /// Its colour, as the client wrote it.
    static let color = MetadataKey("color")
    /// Its place among the calendars, a number as text.
    static let order = MetadataKey("calendar-order")
    /// An iCalendar object with one VTIMEZONE.
    static let timezone = MetadataKey("timezone")
    /// The name of a time zone.
    static let timezoneID = MetadataKey("timezone-id")
    /// Names of components, separated by commas.
    static let supportedComponents = MetadataKey("supported-components")
    /// `opaque` or `transparent`.
    static let transparency = MetadataKey("schedule-calendar-transp")
    /// An iCalendar object with VAVAILABILITY components.
    static let availability = MetadataKey("availability")
    /// The URL that a subscription follows.
    static let source = MetadataKey("source")
    /// How often to look at the source, as an iCalendar duration.
    static let refreshRate = MetadataKey("refreshrate")
    /// Of a principal: paths relative to it, separated by commas.
    static let calendarHomeSet = MetadataKey("calendar-home-set")
    /// Of a principal: calendar user addresses, separated by commas.
    static let calendarUserAddresses = MetadataKey("calendar-user-addresses")
    /// Of a principal: its calendar user type.
    static let userType = MetadataKey("calendar-user-type")
    /// Of a principal: when it answers invitations by itself.
    static let autoSchedule = MetadataKey("auto-schedule-mode")
    /// Of a principal that does: `whole` to decline a series of which one instance meets something else, else only that one.
    static let autoScheduleSeries = MetadataKey("auto-schedule-series")
    /// Of a principal, or of its inbox: the path of the calendar that takes invitations.
    static let defaultCalendar = MetadataKey("schedule-default-calendar-url")
}

extension Metadata {
    /// The items of a setting that is a list separated by commas, without blanks; empty when unset.
    func list(_ key: MetadataKey) -> [String] {
        (self[key] ?? "").utf8.split(separator: UInt8(ascii: ",")).map {
            String(decoding: $0, as: UTF8.self).trimmingBlanks
        }.filter { !$0.isEmpty }
    }
}

extension CollectionKind {
    /// Whether collections of the kind are calendars (RFC 4791 §4.2).
    var isCalendar: Bool { type == CollectionKind.calendarType }
    /// Whether its items are calendar object resources: calendars, and scheduling inboxes (RFC 6638 §2.2).
    var holdsCalendarObjects: Bool { isCalendar || type == CollectionKind.inboxType }
    /// Whether people see it as a calendar.
    var isShownAsCalendar: Bool { isCalendar || type == CollectionKind.subscriptionType }

    static let calendarType = "calendar"
    static let inboxType = "schedule-inbox"
    static let outboxType = "schedule-outbox"
    static let subscriptionType = "subscription"
}
