import ContentLine

/// What a calendar object resource must be (RFC 4791 §4.1, RFC 5545 §3.6).
///
/// Only what would leave the object without meaning is refused.
struct CalendarValidation {
    /// The bytes the calendar was read from, for line numbers.
    let source: [UInt8]?
    /// Whether it is a message between organizer and attendees rather than what is stored (RFC 5546).
    let isMessage: Bool

    /// Checks what stands directly in the calendar.
    func checkCalendar(_ calendar: Component) throws(CalendarObjectError) {
        guard calendar.isNamed("VCALENDAR") else {
            throw .invalidObject(reason: "the outermost component is \(calendar.name), not VCALENDAR")
        }
        if let source, let line = ControlCharacters.firstLine(in: source) {
            throw .invalidData(reason: "a control character", line: line)
        }
        // RFC 4791 §4.1: calendar object resources MUST NOT specify METHOD.
        guard (calendar.property("METHOD") != nil) == isMessage else {
            let reason = "METHOD is for messages, not for stored objects"
            throw .invalidObject(reason: isMessage ? "a message without METHOD" : reason)
        }
        if let version = calendar.property("VERSION") {
            // RFC 5545 §3.7.4: a version, or the least and the highest separated by a semicolon.
            let versions = version.value.utf8.split(separator: UInt8(ascii: ";"))
            guard versions.contains(where: { String(Substring($0)).trimmingBlanks.hasSameBytes(as: "2.0") })
            else {
                throw .unsupportedData(reason: "iCalendar version \(version.value)")
            }
        }
        if let scale = calendar.property("CALSCALE"), !scale.value.trimmingBlanks.isName("GREGORIAN") {
            throw .unsupportedData(reason: "calendar scale \(scale.value)")
        }
    }

    /// The components other than time zones, and their one type.
    func members(
        of calendar: Component
    ) throws(CalendarObjectError) -> (CalendarObject.Kind, [Component]) {
        let others = calendar.components.filter { !$0.isNamed("VTIMEZONE") && !$0.isExperimental }
        guard let first = others.first else {
            guard let experimental = calendar.components.first(where: \.isExperimental) else {
                throw .invalidObject(reason: "no component besides VTIMEZONE")
            }
            throw .unsupportedComponent(name: experimental.name)
        }
        guard others.allSatisfy({ $0.name.isSameName(as: first.name) }) else {
            throw .invalidObject(reason: "more than one type of component")
        }
        guard let kind = CalendarObject.Kind.allCases.first(where: { first.isNamed($0.rawValue) }) else {
            throw .unsupportedComponent(name: first.name)
        }
        return (kind, others)
    }

    /// The UID that all components share (RFC 4791 §4.1).
    func commonUID(of members: [Component]) throws(CalendarObjectError) -> String {
        var common: String?
        for member in members {
            let uids = member.properties("UID")
            guard let uid = uids.first?.text, !uid.isEmpty else {
                throw .invalidObject(reason: "\(member.name) without UID")
            }
            guard uids.count == 1, common?.hasSameBytes(as: uid) != false else {
                throw .invalidObject(reason: "more than one UID")
            }
            common = uid
        }
        guard let common else { throw .invalidObject(reason: "no UID") }
        return common
    }

    /// Checks one component, and the available times in it (RFC 7953 §3.1).
    func check(_ component: Component, as kind: CalendarObject.Kind) throws(CalendarObjectError) {
        // RFC 5545 §3.6.1: DTSTART is required in a calendar without METHOD.
        if kind == .event, !isMessage, component.property("DTSTART") == nil {
            throw .invalidData(reason: "VEVENT without DTSTART", line: line(of: component.begin))
        }
        try checkValues(of: component)
        for available in component.components where available.isNamed("AVAILABLE") {
            try checkValues(of: available)
        }
    }

    /// The properties that say when a component is; none but the lists may be there twice (RFC 5545 §3.6.1).
    private enum When: String, CaseIterable {
        case start = "DTSTART"
        case end = "DTEND"
        case due = "DUE"
        case duration = "DURATION"
        case recurrenceID = "RECURRENCE-ID"
        case rule = "RRULE"
        case exclusionRule = "EXRULE"
        case dates = "RDATE"
        case excludedDates = "EXDATE"
        case freeBusy = "FREEBUSY"
    }

    private func checkValues(of component: Component) throws(CalendarObjectError) {
        var seen: Set<When> = []
        for property in component.properties {
            guard let when = When.allCases.first(where: { property.isNamed($0.rawValue) }) else { continue }
            let isKnown: Bool
            let mayRepeat: Bool
            switch when {
            case .start, .end, .due, .recurrenceID:
                isKnown = DateTimeValue(property) != nil
                mayRepeat = false
            case .duration:
                isKnown = ICalendarDuration(property) != nil
                mayRepeat = false
            case .rule, .exclusionRule:
                try checkRule(property)
                isKnown = true
                mayRepeat = true
            case .dates:
                isKnown = RecurrenceDate.list(property) != nil
                mayRepeat = true
            case .excludedDates:
                isKnown = DateTimeValue.list(property) != nil
                mayRepeat = true
            case .freeBusy:
                isKnown = Period.list(property) != nil
                mayRepeat = true
            }
            guard isKnown else {
                throw .invalidData(reason: "a malformed \(when.rawValue)", line: line(of: property))
            }
            guard mayRepeat || !seen.contains(when) else {
                throw .invalidData(reason: "more than one \(when.rawValue)", line: line(of: property))
            }
            seen.insert(when)
        }
    }

    private func checkRule(_ property: ContentLine) throws(CalendarObjectError) {
        do {
            _ = try RecurrenceRule(property)
        } catch {
            let reason: String
            switch error {
            case .noFrequency: reason = "a recurrence rule without FREQ"
            case .repeatedPart(let part): reason = "a recurrence rule with more than one \(part)"
            case .unknownPart(let part): reason = "a recurrence rule with the unknown part \(part)"
            case .invalidValue(let part): reason = "a recurrence rule with a malformed \(part)"
            case .unsupportedScale(let scale): throw .unsupportedScale(scale)
            }
            throw .invalidData(reason: reason, line: line(of: property))
        }
    }

    /// The number of the physical line where a line was read.
    func line(of line: ContentLine?) -> Int? {
        guard let source, let offset = line?.sourceOffset else { return nil }
        return ControlCharacters.lineNumber(at: offset, in: source)
    }
}

extension Component {
    /// Whether the name is one that programs make up for themselves (RFC 5545 §3.6 `x-comp`).
    fileprivate var isExperimental: Bool {
        name.utf8.prefix(2).elementsEqual("X-".utf8) || name.utf8.prefix(2).elementsEqual("x-".utf8)
    }
}
