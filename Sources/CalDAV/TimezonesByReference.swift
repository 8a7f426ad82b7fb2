import ContentLine
import HTTP
import ICalendar
import WebDAV
import XML

/// Time zones that clients know themselves, and need no definition of (RFC 7809).
extension CalendarServices {
    /// A calendar without the definitions of standard zones, when the client wants none (RFC 7809 §7.1); nil for one that
    /// stays as it is.
    ///
    /// All else stays byte for byte; what is not a calendar has no such lines.
    func abridged(_ bytes: [UInt8], _ context: Context) -> [UInt8]? {
        guard context.wantsNoTimezones else { return nil }
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

    /// The same for a calendar that was read.
    func abridged(_ calendar: Component, _ context: Context) -> Component {
        guard context.wantsNoTimezones else { return calendar }
        var calendar = calendar
        calendar.components.removeAll {
            $0.isNamed("VTIMEZONE") && ($0.property("TZID").map { isStandard($0.value) } ?? false)
        }
        return calendar
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

extension Context {
    /// Whether the client says that it knows the standard zones; else it gets what is stored.
    fileprivate var wantsNoTimezones: Bool {
        fields["CalDAV-Timezones"]?.trimmingBlanks == "F"
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
    /// Where definitions of time zones can be had (RFC 7809 §5.1): this server leads nowhere, the system's zones are meant.
    static var timezoneServiceSet: LiveProperty {
        .hrefs(.calDAV("timezone-service-set")) { (resource, _) throws(DAVError) in
            resource.isCollection ? [] : nil
        }
    }
}
