import ContentLine
import HTTP
import ICalendar
import Index
import Store
import WebDAV

extension CalendarServices {
    /// Checks what is to be stored in a calendar (RFC 4791 §5.3.2.1).
    func check(_ candidate: ObjectCandidate) throws(DAVError) -> CheckedObject {
        try checkMedia(candidate)
        let object: CalendarObject
        do {
            object = try CalendarObject(candidate.bytes)
        } catch {
            throw DAVError(error)
        }
        let supported = supportedComponents(candidate.metadata)
        guard supported.contains(where: { $0.isName(object.kind.rawValue) }) else {
            throw DAVError(
                .forbidden, violated: .calDAV("supported-calendar-component"),
                message: "This calendar takes \(supported.joined(separator: ", ")) only.")
        }
        // RFC 7809 §3.1.4, §4: what is not known here has to be defined.
        let unknown = unknownZones(in: object.calendar)
        guard unknown.isEmpty else {
            throw DAVError(
                .forbidden, violated: .calDAV("valid-timezone"),
                message: "There is no time zone \(unknown.joined(separator: ", ")), nor is it defined.")
        }
        try checkValues(of: object, candidate.context)
        if scheduling != nil { lastChecked = (candidate.bytes, object) }
        return CheckedObject(uid: object.uid, title: object.title) { [records] version in
            records.remember(ObjectRecord.bytes(of: object.calendar), of: version)
        }
    }

    /// Checks what is to be stored in a scheduling inbox (RFC 6638 §2.2).
    func checkMessage(_ candidate: ObjectCandidate) throws(DAVError) -> CheckedObject {
        try checkMedia(candidate)
        do {
            let message = try CalendarObject(message: try CalendarParser.parse(candidate.bytes))
            return CheckedObject(uid: nil, title: message.title)
        } catch let error as CalendarObjectError {
            throw DAVError(error)
        } catch {
            throw DAVError(
                .forbidden, violated: .calDAV("valid-calendar-data"), message: "\(error)")
        }
    }

    private func checkMedia(_ candidate: ObjectCandidate) throws(DAVError) {
        // A client that does not say what it sends means what the collection is for.
        guard candidate.mediaType == nil || candidate.mediaType == "text/calendar" else {
            throw DAVError(
                .forbidden, violated: .calDAV("supported-calendar-data"),
                message: "Only text/calendar can be stored in a calendar.")
        }
        guard candidate.bytes.count <= limits.resourceBytes else {
            throw DAVError(
                .forbidden, violated: .calDAV("max-resource-size"),
                message: "A calendar object can have \(limits.resourceBytes) bytes at most.")
        }
    }

    private func checkValues(of object: CalendarObject, _ context: Context) throws(DAVError) {
        let mostInstances = context.limits.instances
        let zones = zones.zones(of: object.calendar)
        for component in object.components {
            let all = [component] + component.components("AVAILABLE")
            guard
                !all.contains(where: {
                    $0.recurs(moreThan: mostInstances, zones, limits: recurrenceLimits(context))
                })
            else {
                throw DAVError(
                    .forbidden, violated: .calDAV("max-instances"),
                    message: "It can recur \(mostInstances) times at most.")
            }
            if let most = limits.attendeesPerInstance, component.properties("ATTENDEE").count > most {
                throw DAVError(
                    .forbidden, violated: .calDAV("max-attendees-per-instance"),
                    message: "There can be \(most) attendees at most.")
            }
            if let property = component.propertyBeforeAllYears {
                throw DAVError(
                    .forbidden, violated: .calDAV("min-date-time"),
                    message: "\(property.name) is before \(earliestDateTime).")
            }
        }
    }
}

extension Component {
    /// A property, here or in a component inside, with a date before the earliest one: in the year 0 (RFC 4791 §5.2.6).
    fileprivate var propertyBeforeAllYears: ContentLine? {
        properties.first(where: \.isBeforeAllYears)
            ?? components.lazy.compactMap(\.propertyBeforeAllYears).first
    }
}

extension ContentLine {
    private static let withDate = [
        "DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "COMPLETED", "CREATED", "DTSTAMP", "LAST-MODIFIED",
        "TRIGGER",
    ]

    fileprivate var isBeforeAllYears: Bool {
        if isNamed("RDATE") || isNamed("EXDATE") {
            return value.utf8.split(separator: UInt8(ascii: ",")).contains { $0.starts(with: "0000".utf8) }
        }
        return value.utf8.starts(with: "0000".utf8) && Self.withDate.contains(where: isNamed)
    }
}

/// The earliest date-time of `CALDAV:min-date-time` (RFC 4791 §5.2.6).
let earliestDateTime = "00010101T000000Z"
/// The latest date-time of `CALDAV:max-date-time`: the last one that iCalendar can write (RFC 4791 §5.2.7).
let latestDateTime = "99991231T235959Z"

extension CalendarObject {
    /// What people call it.
    var title: String? {
        components.lazy.compactMap { $0.text("SUMMARY") }.first { !$0.isEmpty }
    }
}

extension DAVError {
    /// The one place where what is wrong with a calendar object becomes a precondition (RFC 4791 §5.3.2.1).
    ///
    /// All are 403: the same object is refused again, whenever it is sent (§1.3).
    init(_ error: CalendarObjectError) {
        let condition =
            switch error {
            case .invalidData: "valid-calendar-data"
            case .invalidObject: "valid-calendar-object-resource"
            case .unsupportedComponent: "supported-calendar-component"
            case .unsupportedData: "supported-calendar-data"
            // RFC 7529 §6.
            case .unsupportedScale: "supported-rscale"
            }
        self.init(.forbidden, violated: .calDAV(condition), message: error.description)
    }
}
