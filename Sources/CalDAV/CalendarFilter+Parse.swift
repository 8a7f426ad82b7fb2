import ContentLine
import HTTP
import ICalendar
import WebDAV
import XML

extension CompFilter {
    /// Reads `CALDAV:filter` (RFC 4791 §9.7).
    ///
    /// - Throws: 403 `CALDAV:valid-filter`, `CALDAV:supported-collation`, `CALDAV:min-date-time`.
    convenience init(filter: XMLElement) throws(DAVError) {
        let outermost = filter.elements.filter { $0.name.namespace == .calDAV }
        guard outermost.count == 1, let element = outermost.first, element.name == .calDAV("comp-filter")
        else {
            throw .invalidFilter("A filter has exactly one comp-filter in it.")
        }
        try self.init(element, within: nil)
        guard name == "VCALENDAR" else {
            throw .invalidFilter("The outermost comp-filter must be about VCALENDAR.")
        }
    }

    private convenience init(_ element: XMLElement, within parent: String?) throws(DAVError) {
        let name = try element.filterName.uppercased()
        var isNotDefined = false
        var timeRange: TimeRange?
        var properties: [PropFilter] = []
        var components: [CompFilter] = []
        guard Self.canStand(name, in: parent) else {
            throw .invalidFilter("\(name) does not stand in \(parent ?? "a filter").")
        }
        for part in element.elements where part.name.namespace == .calDAV {
            switch part.name.local {
            case "is-not-defined": isNotDefined = true
            case "time-range":
                guard timeRange == nil, Self.withTimes.contains(name) else {
                    throw .invalidFilter("\(name) cannot have a time-range, or not two of them.")
                }
                timeRange = try TimeRange(filter: part)
            case "prop-filter": properties.append(try PropFilter(part))
            case "comp-filter": components.append(try CompFilter(part, within: name))
            default: throw .invalidFilter("\(part.name.local) does not stand in a comp-filter.")
            }
        }
        guard !isNotDefined || timeRange == nil && properties.isEmpty && components.isEmpty else {
            throw .invalidFilter("is-not-defined stands alone.")
        }
        self.init(
            name: name, isNotDefined: isNotDefined, timeRange: timeRange, properties: properties,
            components: components)
    }

    /// Where the components of RFC 5545 §3.6 and RFC 7953 §3.1 stand; any other may stand anywhere (RFC 4791 §7.7).
    private static func canStand(_ name: String, in parent: String?) -> Bool {
        switch name {
        case "VCALENDAR": parent == nil
        case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY": parent == "VCALENDAR"
        case "VALARM": !["VCALENDAR", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VALARM"].contains(parent)
        case "STANDARD", "DAYLIGHT": parent == "VTIMEZONE"
        case "AVAILABLE": parent == "VAVAILABILITY"
        default: parent != nil
        }
    }

    /// The components that a time-range has a meaning for (RFC 4791 §9.9).
    ///
    /// On VCALENDAR, where clients are known to put it, it is about whatever the calendar holds.
    private static let withTimes: Set<String> = [
        "VCALENDAR", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VALARM", "VAVAILABILITY", "AVAILABLE",
    ]
}

extension PropFilter {
    fileprivate convenience init(_ element: XMLElement) throws(DAVError) {
        let name = try element.filterName.uppercased()
        var tests: [Test] = []
        var parameters: [ParamFilter] = []
        for part in element.elements where part.name.namespace == .calDAV {
            switch part.name.local {
            case "is-not-defined": tests.append(.isNotDefined)
            case "time-range":
                guard Self.withTimes.contains(name) else {
                    throw .invalidFilter("\(name) cannot have a time-range.")
                }
                tests.append(.timeRange(try TimeRange(filter: part)))
            case "text-match": tests.append(.textMatch(try TextCondition(part)))
            case "param-filter": parameters.append(try ParamFilter(part))
            default: throw .invalidFilter("\(part.name.local) does not stand in a prop-filter.")
            }
        }
        guard tests.count <= 1 else { throw .invalidFilter("A prop-filter has one test.") }
        let test = tests.first ?? .isDefined
        if case .isNotDefined = test, !parameters.isEmpty {
            throw .invalidFilter("is-not-defined stands alone.")
        }
        self.init(name: name, test: test, parameters: parameters)
    }

    /// The properties with a time-range (RFC 4791 §9.9).
    private static let withTimes: Set<String> = [
        "COMPLETED", "CREATED", "DTEND", "DTSTAMP", "DTSTART", "DUE", "LAST-MODIFIED",
    ]
}

extension ParamFilter {
    fileprivate init(_ element: XMLElement) throws(DAVError) {
        self.name = try element.filterName
        let parts = element.elements.filter { $0.name.namespace == .calDAV }
        guard parts.count <= 1 else { throw .invalidFilter("A param-filter has one test.") }
        switch parts.first?.name.local {
        case nil: self.test = .isDefined
        case "is-not-defined": self.test = .isNotDefined
        case "text-match": self.test = .textMatch(try TextCondition(parts[0]))
        default: throw .invalidFilter("\(parts[0].name.local) does not stand in a param-filter.")
        }
    }
}

extension TextCondition {
    fileprivate init(_ element: XMLElement) throws(DAVError) {
        let collation: Collation
        switch element.attribute("collation") {
        // RFC 4791 §7.5.
        case nil, "default": collation = .asciiCasemap
        case let name?:
            guard let known = Collation(rawValue: name) else {
                throw DAVError(
                    .forbidden, violated: .calDAV("supported-collation"),
                    message: "The collation \(name) is not supported.")
            }
            collation = known
        }
        self.init(match: TextMatch(element.text, collation: collation))
        switch element.attribute("negate-condition") {
        case nil, "no": break
        case "yes": isNegated = true
        default: throw .invalidFilter("negate-condition is yes or no.")
        }
    }
}

extension TimeRange {
    /// Reads `CALDAV:time-range` (RFC 4791 §9.9).
    ///
    /// - Throws: 403 `CALDAV:valid-filter`, `CALDAV:min-date-time`.
    init(filter element: XMLElement) throws(DAVError) {
        let start = try Self.instant(element.attribute("start"))
        let end = try Self.instant(element.attribute("end"))
        guard start != nil || end != nil else {
            throw .invalidFilter("A time-range needs a start or an end.")
        }
        if let start, let end, start >= end {
            throw .invalidFilter("The end of a time-range is after its start.")
        }
        self.init(start: start, end: end)
    }

    private static func instant(_ text: String?) throws(DAVError) -> Instant? {
        guard let text else { return nil }
        guard let instant = Instant(text.utf8) else {
            throw .invalidFilter("\(text) is not a date with UTC time.")
        }
        guard instant.utc.date.year >= 1 else {
            throw DAVError(.forbidden, violated: .calDAV("min-date-time"))
        }
        return instant
    }
}

extension XMLElement {
    /// The name that a filter is about.
    fileprivate var filterName: String {
        get throws(DAVError) {
            guard let name = attribute("name"), !name.isEmpty else {
                throw .invalidFilter("\(self.name.local) needs a name.")
            }
            return name
        }
    }
}

extension DAVError {
    /// `CALDAV:valid-filter` (RFC 4791 §7.8).
    static func invalidFilter(_ message: String) -> DAVError {
        DAVError(.forbidden, violated: .calDAV("valid-filter"), message: message)
    }
}
