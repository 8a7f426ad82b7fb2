import ContentLine
import HTTP
import ICalendar
import WebDAV
import XML

extension Tailoring {
    /// Calendars with or without the definitions of time zones that clients know themselves (RFC 7809 §7.1).
    static func timezones(_ services: CalendarServices) -> Tailoring {
        Tailoring(by: "CalDAV-Timezones", among: "Accept") { services.tailored($0, $1) }
    }
}

/// Time zones that clients know themselves, and need no definition of (RFC 7809 §3.1.3).
extension CalendarServices {
    /// A calendar with the definitions of all its zones, or without those of standard zones, as the client wants it; nil
    /// for one that stays as it is.
    ///
    /// All else stays byte for byte. A client that says nothing gets what is stored, as §3.1.3 allows.
    func tailored(_ bytes: [UInt8], _ context: Context) -> [UInt8]? {
        switch context.timezoneWish {
        case .asStored: nil
        case .none: abridged(bytes)
        case .all: completed(bytes)
        }
    }

    /// The same for a calendar that was read.
    func tailored(_ calendar: Component, _ context: Context) -> Component {
        switch context.timezoneWish {
        case .asStored: return calendar
        case .all: return completed(calendar)
        case .none:
            var calendar = calendar
            calendar.components.removeAll {
                $0.isNamed("VTIMEZONE") && ($0.property("TZID").map { isStandard($0.value) } ?? false)
            }
            return calendar
        }
    }

    /// The same for one that leaves for programs of any kind, which get all definitions unless they want none.
    func exported(_ calendar: Component, _ context: Context) -> Component {
        guard context.timezoneWish == .asStored else { return tailored(calendar, context) }
        return completed(calendar)
    }

    /// The calendar with the definitions that are missing first.
    func completed(_ calendar: Component) -> Component {
        var calendar = calendar
        calendar.components = missingDefinitions(in: calendar) + calendar.components
        return calendar
    }

    /// The bytes without the definitions of standard zones; nil when there are none.
    private func abridged(_ bytes: [UInt8]) -> [UInt8]? {
        var kept: [UInt8] = []
        var keptFrom = 0
        var start: Int?
        var tzid: String?
        var position = 0
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            let line = bytes[position..<end]
            if let begun = start {
                if line.isLine("END:VTIMEZONE") {
                    if let tzid, isStandard(tzid) {
                        kept += bytes[keptFrom..<begun]
                        keptFrom = end
                    }
                    start = nil
                } else if tzid == nil, let value = line.value(of: "TZID:") {
                    tzid = value
                }
            } else if line.isLine("BEGIN:VTIMEZONE") {
                start = position
                tzid = nil
            }
            position = end
        }
        return keptFrom == 0 ? nil : kept + bytes[keptFrom...]
    }

    /// The bytes with the definitions that are missing before the first component; nil when none is, or they cannot be read.
    private func completed(_ bytes: [UInt8]) -> [UInt8]? {
        let calendar: Component
        do { calendar = try CalendarParser.parse(bytes) } catch { return nil }
        let missing = missingDefinitions(in: calendar)
        guard !missing.isEmpty else { return nil }
        var position = 0
        var isInside = false
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            if bytes[position..<end].value(of: "BEGIN:") != nil {
                if isInside { break }
                isInside = true
            }
            position = end
        }
        guard position < bytes.count else { return nil }
        return bytes[..<position] + missing.flatMap { CalendarWriter.bytes(of: $0) } + bytes[position...]
    }

    /// Whether the system has a zone of exactly that name.
    private func isStandard(_ tzid: String) -> Bool {
        if let known = standardZones[tzid] { return known }
        // Names come from clients, and must not fill the memory.
        if standardZones.count >= 1000 { standardZones = [:] }
        let isStandard = systemZone(tzid) != nil
        standardZones[tzid] = isStandard
        return isStandard
    }
}

/// What a client wants of definitions of time zones.
private enum TimezoneWish {
    case asStored
    case none
    case all
}

extension Context {
    fileprivate var timezoneWish: TimezoneWish {
        switch fields["CalDAV-Timezones"]?.trimmingBlanks {
        case "F": .none
        case "T": .all
        default: .asStored
        }
    }
}

extension ArraySlice<UInt8> {
    private var withoutLineEnd: Self {
        var line = self
        while let last = line.last, last == 0x0A || last == 0x0D || last == 0x20 { line.removeLast() }
        return line
    }

    /// Whether the line says `text`, an ASCII text in capitals.
    fileprivate func isLine(_ text: StaticString) -> Bool {
        let line = withoutLineEnd
        return line.count == text.utf8CodeUnitCount && line.begins(with: text)
    }

    /// What follows `name` in the line, nil when it does not begin so.
    fileprivate func value(of name: StaticString) -> String? {
        let line = withoutLineEnd
        guard line.begins(with: name) else { return nil }
        return String(validating: line.dropFirst(name.utf8CodeUnitCount), as: UTF8.self)
    }

    private func begins(with text: StaticString) -> Bool {
        let wanted = "\(text)".utf8
        return count >= wanted.count
            && zip(self, wanted).allSatisfy { byte, capital in
                byte == capital || (byte >= 0x61 && byte <= 0x7A && byte - 0x20 == capital)
            }
    }
}

extension LiveProperty {
    /// Where definitions of time zones can be had (RFC 7809 §5.1); nothing when nobody said.
    static func timezoneServiceSet(_ services: CalendarServices) -> LiveProperty {
        .hrefs(.calDAV("timezone-service-set")) { (resource, _) throws(DAVError) in
            resource.isCollection ? services.timezoneService.map { [$0] } : nil
        }
    }
}
