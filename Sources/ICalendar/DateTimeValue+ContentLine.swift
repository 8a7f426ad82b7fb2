public import ContentLine

extension DateTimeValue {
    /// Reads a property with one value, such as `DTSTART` (RFC 5545 §3.8.2.4).
    ///
    /// Nil when the value is neither a DATE nor a DATE-TIME, or is a list.
    public init?(_ line: ContentLine) {
        self.init(line.trimmedValue, tzid: line.tzid)
    }

    /// Reads a property with a list of values, `EXDATE` (RFC 5545 §3.8.5.1).
    ///
    /// Nil when any of them is malformed; empty values are passed over.
    public static func list(_ line: ContentLine) -> [DateTimeValue]? {
        let tzid = line.tzid
        var values: [DateTimeValue] = []
        for text in line.value.utf8.split(separator: UInt8(ascii: ",")) {
            guard let value = DateTimeValue(text.trimmed, tzid: tzid) else { return nil }
            values.append(value)
        }
        return values
    }

    /// Writes the property `name` with this value, and the parameters VALUE and TZID it needs.
    public func property(_ name: String) -> ContentLine {
        var parameters: [Parameter] = []
        switch self {
        case .date: parameters.append(Parameter(name: "VALUE", values: ["DATE"]))
        case .zoned(_, let tzid): parameters.append(Parameter(name: "TZID", values: [tzid]))
        case .floating, .utc: break
        }
        return ContentLine(name: name, parameters: parameters, value: description)
    }
}

/// A value of `RDATE`: a start, or a period with a length of its own (RFC 5545 §3.8.5.2).
public enum RecurrenceDate: Hashable, Sendable {
    /// An instance as long as the others.
    case start(DateTimeValue)
    /// An instance that lasts for the period.
    case period(Period)

    /// Where the instance starts.
    public var start: DateTimeValue {
        switch self {
        case .start(let value): value
        case .period(let period): period.start
        }
    }

    /// Reads an `RDATE` property; nil when any value is malformed (RFC 5545 §3.8.5.2).
    public static func list(_ line: ContentLine) -> [RecurrenceDate]? {
        let tzid = line.tzid
        var values: [RecurrenceDate] = []
        for text in line.value.utf8.split(separator: UInt8(ascii: ",")) {
            if let start = DateTimeValue(text.trimmed, tzid: tzid) {
                values.append(.start(start))
            } else if let period = Period(text.trimmed, tzid: tzid) {
                values.append(.period(period))
            } else {
                return nil
            }
        }
        return values
    }
}

extension ICalendarDuration {
    /// Reads a property with one value, `DURATION` or a relative `TRIGGER` (RFC 5545 §3.8.2.5).
    public init?(_ line: ContentLine) {
        self.init(line.trimmedValue)
    }
}

extension Period {
    /// Reads a property with a list of periods, `FREEBUSY` (RFC 5545 §3.8.2.6).
    ///
    /// Nil when any of them is malformed; empty values are passed over.
    public static func list(_ line: ContentLine) -> [Period]? {
        let tzid = line.tzid
        var values: [Period] = []
        for text in line.value.utf8.split(separator: UInt8(ascii: ",")) {
            guard let value = Period(text.trimmed, tzid: tzid) else { return nil }
            values.append(value)
        }
        return values
    }
}

extension ContentLine {
    /// The parameter TZID without blanks around it; nil when it is absent or empty (RFC 5545 §3.2.19).
    public var tzid: String? {
        guard let text = parameter("TZID")?.values.first else { return nil }
        let trimmed = text.utf8.trimmed
        return trimmed.isEmpty ? nil : String(Substring(trimmed))
    }

    /// The value without blanks around it.
    var trimmedValue: Substring.UTF8View { value.utf8.trimmed }
}

extension BidirectionalCollection where Element == UInt8 {
    /// The bytes without blanks and tabs at either end.
    var trimmed: SubSequence {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}
