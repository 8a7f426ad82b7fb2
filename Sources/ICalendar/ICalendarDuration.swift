/// A length of time with a nominal and an exact part (RFC 5545 §3.3.6).
///
/// Days and weeks are nominal: they move the date and keep the time of day, whatever the clocks do. Hours,
/// minutes and seconds are exact. Both parts carry the sign of the whole.
public struct ICalendarDuration: Hashable, Sendable {
    /// Nominal days; a week is seven.
    public let days: Int
    /// Exact seconds.
    public let seconds: Int

    /// Makes a duration of both parts, which should have the same sign.
    public init(days: Int = 0, seconds: Int = 0) {
        self.days = days
        self.seconds = seconds
    }

    /// Whether the duration is less than nothing.
    public var isNegative: Bool { days < 0 || (days == 0 && seconds < 0) }

    /// The length in seconds, counting every day as 24 hours.
    public var nominalSeconds: Int { days * 86400 + seconds }

    /// Reads `P15DT5H0M20S`, `-PT15M` or `P7W`, or nil for anything else (RFC 5545 §3.3.6).
    ///
    /// Units may be left out anywhere and letters may be small, as some programs write them; the order of units
    /// may not change.
    public init?(_ text: some Collection<UInt8>) {
        var reader = DigitReader(text)
        let isNegative = reader.take(UInt8(ascii: "-"))
        if !isNegative { _ = reader.take(UInt8(ascii: "+")) }
        guard reader.take(UInt8(ascii: "P")), !reader.isAtEnd else { return nil }
        var days = 0
        var seconds = 0
        var inTime = false
        var lastUnit = 0
        while !reader.isAtEnd {
            if !inTime, reader.take(UInt8(ascii: "T")) {
                inTime = true
                guard !reader.isAtEnd else { return nil }
                continue
            }
            guard let number = reader.number(), let letter = reader.next() else { return nil }
            let unit: Int
            switch (letter.asciiUpperCase, inTime) {
            case (UInt8(ascii: "W"), false): (unit, days) = (1, days + number * 7)
            case (UInt8(ascii: "D"), false): (unit, days) = (2, days + number)
            case (UInt8(ascii: "H"), true): (unit, seconds) = (3, seconds + number * 3600)
            case (UInt8(ascii: "M"), true): (unit, seconds) = (4, seconds + number * 60)
            case (UInt8(ascii: "S"), true): (unit, seconds) = (5, seconds + number)
            default: return nil
            }
            guard unit > lastUnit else { return nil }
            lastUnit = unit
        }
        // Longer than all years there are: no date could hold the result.
        guard days <= 4_000_000, seconds <= 4_000_000 * 86400 else { return nil }
        self.init(days: isNegative ? -days : days, seconds: isNegative ? -seconds : seconds)
    }
}

extension ICalendarDuration: CustomStringConvertible {
    /// The duration as iCalendar writes it, `P15DT5H20S` (RFC 5545 §3.3.6).
    public var description: String {
        let dayCount = abs(days)
        let rest = abs(seconds)
        var text = days < 0 || seconds < 0 ? "-P" : "P"
        if rest == 0, dayCount > 0, dayCount % 7 == 0 { return text + "\(dayCount / 7)W" }
        if dayCount > 0 { text += "\(dayCount)D" }
        guard rest > 0 || dayCount == 0 else { return text }
        text += "T"
        let (hours, minutes, last) = (rest / 3600, rest / 60 % 60, rest % 60)
        if hours > 0 { text += "\(hours)H" }
        // RFC 5545 §3.3.6: the grammar has no hours followed by seconds without minutes between.
        if minutes > 0 || (hours > 0 && last > 0) { text += "\(minutes)M" }
        if last > 0 || rest == 0 { text += "\(last)S" }
        return text
    }
}
