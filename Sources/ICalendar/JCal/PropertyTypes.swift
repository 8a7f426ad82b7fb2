/// The value types of the properties of iCalendar (RFC 5545 §3.7 and §3.8, RFC 7953, RFC 7986, RFC 9073, RFC 9074, RFC 9253).
enum PropertyTypes {
    /// What the value of a property is.
    struct Entry {
        /// The type of a value that has no `VALUE`.
        let type: String
        /// Whether `VALUE` is written even for that type, since the standard knows no default.
        var isAlwaysNamed = false
    }

    /// What is known of a property, by its name in lower case.
    static func entry(_ name: String) -> Entry? { known[name] }

    /// Properties with a list of values, separated by commas.
    static let lists: Set<String> = [
        "categories", "resources", "exdate", "rdate", "freebusy", "location-type", "resource-type",
    ]

    private static let known: [String: Entry] = {
        var known: [String: Entry] = [:]
        for (type, names) in defaults {
            for name in names { known[name] = Entry(type: type) }
        }
        // RFC 7986 §5.7, §5.10, §5.11; RFC 9073 §6.5, §6.6.
        for (name, type) in [
            ("refresh-interval", "duration"), ("image", "uri"), ("conference", "uri"),
            ("styled-description", "unknown"), ("structured-data", "unknown"),
        ] {
            known[name] = Entry(type: type, isAlwaysNamed: true)
        }
        return known
    }()

    private static let defaults: [(type: String, names: [String])] = [
        (
            "text",
            [
                "calscale", "method", "prodid", "version", "categories", "class", "comment", "description",
                "location", "resources", "status", "summary", "transp", "tzid", "tzname", "contact",
                "related-to", "uid", "action", "request-status", "busytype", "name", "color",
                "participant-type", "location-type", "resource-type", "proximity", "refid", "xml",
                "tzid-alias-of",
            ]
        ),
        ("uri", ["attach", "tzurl", "url", "source", "link", "concept"]),
        ("cal-address", ["attendee", "organizer", "calendar-address"]),
        ("float", ["geo"]),
        ("integer", ["percent-complete", "priority", "repeat", "sequence"]),
        (
            "date-time",
            [
                "completed", "created", "dtend", "dtstamp", "dtstart", "due", "exdate", "last-modified",
                "rdate", "recurrence-id", "acknowledged", "tzuntil",
            ]
        ),
        ("duration", ["duration", "trigger"]),
        ("period", ["freebusy"]),
        ("recur", ["rrule", "exrule"]),
        ("utc-offset", ["tzoffsetfrom", "tzoffsetto"]),
    ]
}
