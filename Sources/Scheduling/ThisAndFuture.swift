internal import ContentLine
internal import ICalendar

extension Component {
    /// Whether the override is for the instance it names and all later ones (RFC 5545 §3.2.13).
    var isThisAndFuture: Bool {
        property("RECURRENCE-ID")?.parameter("RANGE")?.values.first?.isName("THISANDFUTURE") ?? false
    }

    /// The same override for the instance it names and all later ones, or for that one alone.
    func thisAndFuture(_ isThisAndFuture: Bool = true) -> Component {
        var copy = self
        for index in copy.properties.indices where copy.properties[index].isNamed("RECURRENCE-ID") {
            copy.properties[index].set("RANGE", isThisAndFuture ? "THISANDFUTURE" : nil)
        }
        return copy
    }

    /// Ends a series before the instance at `id`; false when no instance would be left.
    mutating func end(before id: Instant, _ zones: CalendarZones) -> Bool {
        guard let start = time("DTSTART") ?? time("DUE"), zones.instant(start) < id else { return false }
        for index in properties.indices where properties[index].isNamed("RRULE") {
            guard var rule = Self.rule(properties[index]) else { continue }
            let last = Self.last(before: id, like: start, zones)
            if let until = rule.until, zones.instant(until) <= zones.instant(last) { continue }
            rule.count = nil
            rule.until = last
            properties[index].value = rule.description
        }
        for name in ["RDATE", "EXDATE"] { keepDates(name, zones) { $0 < id } }
        return true
    }

    /// Reads a rule; nil for one that cannot be followed.
    static func rule(_ line: ContentLine) -> RecurrenceRule? {
        do { return try RecurrenceRule(line) } catch { return nil }
    }

    /// RFC 5545 §3.3.10: UNTIL is a date where DTSTART is one, and in UTC where DTSTART has a zone.
    private static func last(
        before id: Instant, like start: DateTimeValue, _ zones: CalendarZones
    ) -> DateTimeValue {
        switch start {
        case .date, .floating: zones.value(at: id + -1, like: start)
        case .utc, .zoned: .utc((id + -1).utc)
        }
    }

    /// Keeps of the dates of `RDATE` or `EXDATE` those at the instants that are wanted.
    mutating func keepDates(_ name: String, _ zones: CalendarZones, _ isWanted: (Instant) -> Bool) {
        guard property(name) != nil else { return }
        properties = properties.compactMap { line in
            guard line.isNamed(name) else { return line }
            var kept = line
            let texts = line.value.utf8.split(separator: UInt8(ascii: ",")).filter { text in
                var single = line
                single.value = String(decoding: text, as: UTF8.self)
                guard let date = RecurrenceDate.list(single)?.first else { return true }
                return isWanted(zones.instant(date.start))
            }
            guard !texts.isEmpty else { return nil }
            kept.value = texts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ",")
            return kept
        }
    }
}
