import ContentLine
import HTTP
import ICalendar
import WebDAV
import XML

/// Which parts of calendar objects a report returns: `CALDAV:calendar-data` in a request (RFC 4791 §9.6).
struct CalendarDataRequest {
    /// The components and properties to return, nil for all.
    var selection: ComponentSelection?
    /// Return the instances in this range, each on its own (§9.6.5).
    var expand: TimeRange?
    /// Return only those overrides that matter in this range (§9.6.6).
    var limitRecurrenceSet: TimeRange?
    /// Return only those `FREEBUSY` values that overlap this range (§9.6.7).
    var limitFreeBusySet: TimeRange?

    /// The form in which objects are returned.
    let format: CalendarFormat

    /// The zone of times that have none, from the report; that of the calendar when nil.
    let zone: TimeZoneDefinition?

    /// Whether objects are returned as they are stored.
    var isVerbatim: Bool {
        selection == nil && expand == nil && limitRecurrenceSet == nil && limitFreeBusySet == nil
    }

    /// Reads the element, in which the zone of the report stands too.
    ///
    /// - Throws: 403 `CALDAV:supported-calendar-data` for another media type, 403 `CALDAV:min-date-time`, 400 for what makes
    ///   no sense.
    init(_ element: XMLElement, _ services: CalendarServices) throws(DAVError) {
        guard let format = CalendarFormat(mediaType: element.attribute("content-type") ?? "text/calendar"),
            (element.attribute("version") ?? "2.0") == "2.0"
        else {
            let types = CalendarFormat.allCases.map(\.mediaType).joined(separator: ", ")
            throw DAVError(
                .forbidden, violated: .calDAV("supported-calendar-data"),
                message: "Calendar data is one of \(types), version 2.0.")
        }
        self.format = format
        if let comp = element.first(.calDAV("comp")) {
            let selection = try ComponentSelection(comp)
            guard selection.name.isName("VCALENDAR") else {
                throw DAVError(.badRequest, message: "The outermost CALDAV:comp must be VCALENDAR.")
            }
            self.selection = selection
        }
        self.zone = try services.floatingZone(in: element)
        self.expand = try Self.range(.calDAV("expand"), in: element)
        self.limitRecurrenceSet = try Self.range(.calDAV("limit-recurrence-set"), in: element)
        self.limitFreeBusySet = try Self.range(.calDAV("limit-freebusy-set"), in: element)
        guard expand == nil || limitRecurrenceSet == nil else {
            throw DAVError(
                .badRequest, message: "Only one of expand and limit-recurrence-set can be asked for.")
        }
    }

    /// RFC 4791 §9.6: what the data is, where it is not what it is by default.
    static func answerAttributes(_ element: XMLElement) -> [(name: String, value: String)] {
        guard let type = element.attribute("content-type"), let format = CalendarFormat(mediaType: type),
            format != .text
        else { return [] }
        return [("content-type", format.mediaType), ("version", "2.0")]
    }

    private static func range(_ name: ElementName, in element: XMLElement) throws(DAVError) -> TimeRange? {
        guard let range = element.first(name) else { return nil }
        guard let start = range.attribute("start").flatMap({ Instant($0.utf8) }),
            let end = range.attribute("end").flatMap({ Instant($0.utf8) }), start < end
        else {
            throw DAVError(
                .badRequest, message: "\(name.local) needs a start and a later end, in UTC.")
        }
        // RFC 4791 §7.8, §7.9: any element with a range of time.
        guard start.utc.date.year >= 1 else { throw DAVError(.forbidden, violated: .calDAV("min-date-time")) }
        return TimeRange(start: start, end: end)
    }
}

/// What to return of a component (RFC 4791 §9.6.1).
struct ComponentSelection {
    /// Some or all of a list.
    enum Choice<Part> {
        case all
        case only([Part])
    }

    /// A property by its name, and whether its value is left out (§9.6.4).
    struct Property {
        let name: String
        let isWithoutValue: Bool
    }

    /// The component's name.
    let name: String
    let properties: Choice<Property>
    let components: Choice<ComponentSelection>

    /// Reads a `CALDAV:comp` element; an empty one asks for the whole component.
    init(_ element: XMLElement) throws(DAVError) {
        self.name = try Self.name(element)
        let parts = element.elements
        guard !parts.isEmpty else {
            self.properties = .all
            self.components = .all
            return
        }
        if parts.contains(where: { $0.name == .calDAV("allprop") }) {
            self.properties = .all
        } else {
            var properties: [Property] = []
            for part in element.all(.calDAV("prop")) {
                properties.append(
                    Property(name: try Self.name(part), isWithoutValue: part.attribute("novalue") == "yes"))
            }
            self.properties = .only(properties)
        }
        if parts.contains(where: { $0.name == .calDAV("allcomp") }) {
            self.components = .all
        } else {
            var components: [ComponentSelection] = []
            for part in element.all(.calDAV("comp")) { components.append(try ComponentSelection(part)) }
            self.components = .only(components)
        }
    }

    private static func name(_ element: XMLElement) throws(DAVError) -> String {
        guard let name = element.attribute("name"), !name.isEmpty else {
            throw DAVError(.badRequest, message: "CALDAV:\(element.name.local) needs a name.")
        }
        return name
    }

    /// What is asked for of `component`; a name that is absent is just left out.
    func apply(to component: Component) -> Component {
        var result = Component(name: component.name)
        switch properties {
        case .all: result.properties = component.properties
        case .only(let wanted):
            result.properties = component.properties.compactMap { property in
                guard let match = wanted.first(where: { $0.name.isSameName(as: property.name) }) else {
                    return nil
                }
                guard match.isWithoutValue else { return property }
                var bare = property
                bare.value = ""
                return bare
            }
        }
        switch components {
        case .all: result.components = component.components
        case .only(let wanted):
            result.components = component.components.compactMap { inner in
                wanted.first { $0.name.isSameName(as: inner.name) }?.apply(to: inner)
            }
        }
        return result
    }
}
