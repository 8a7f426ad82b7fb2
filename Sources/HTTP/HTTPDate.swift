/// A date in the form of header fields (RFC 9110 §5.6.7), whole seconds.
public struct HTTPDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let secondsSince1970: Int64

    /// Makes a date.
    public init(secondsSince1970: Int64) {
        self.secondsSince1970 = secondsSince1970
    }

    /// The date as IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    public var description: String {
        let (days, seconds) = Self.split(secondsSince1970)
        let (year, month, day) = Self.civil(days: days)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(29)
        bytes.append(contentsOf: Self.weekdays[Int(((days % 7) + 11) % 7)].utf8)
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt8(ascii: " "))
        Self.add(day, digits: 2, before: " ", to: &bytes)
        bytes.append(contentsOf: Self.months[month - 1].utf8)
        bytes.append(UInt8(ascii: " "))
        Self.add(year, digits: 4, before: " ", to: &bytes)
        Self.add(seconds / 3600, digits: 2, before: ":", to: &bytes)
        Self.add(seconds / 60 % 60, digits: 2, before: ":", to: &bytes)
        Self.add(seconds % 60, digits: 2, before: " ", to: &bytes)
        bytes.append(contentsOf: "GMT".utf8)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The date as RFC 3339 has it: `1994-11-06T08:49:37Z` (`DAV:creationdate`, RFC 4918 §15.1).
    public var internetDate: String { internetDate(milliseconds: nil) }

    /// The date as RFC 3339 has it, with a fraction where it is known: `1994-11-06T08:49:37.042Z`.
    public func internetDate(milliseconds: Int?) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        appendInternetDate(milliseconds: milliseconds, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds to `bytes` what `internetDate(milliseconds:)` gives.
    public func appendInternetDate(milliseconds: Int?, to bytes: inout [UInt8]) {
        let (days, seconds) = Self.split(secondsSince1970)
        let (year, month, day) = Self.civil(days: days)
        Self.add(year, digits: 4, before: "-", to: &bytes)
        Self.add(month, digits: 2, before: "-", to: &bytes)
        Self.add(day, digits: 2, before: "T", to: &bytes)
        Self.add(seconds / 3600, digits: 2, before: ":", to: &bytes)
        Self.add(seconds / 60 % 60, digits: 2, before: ":", to: &bytes)
        Self.add(seconds % 60, digits: 2, before: milliseconds == nil ? "Z" : ".", to: &bytes)
        if let milliseconds { Self.add(milliseconds, digits: 3, before: "Z", to: &bytes) }
    }

    /// Adds a number with its leading zeros, and what comes after it.
    private static func add(
        _ number: Int, digits: Int, before separator: Unicode.Scalar, to bytes: inout [UInt8]
    ) {
        var divisor = digits == 4 ? 1000 : digits == 3 ? 100 : 10
        while divisor > 0 {
            bytes.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
        bytes.append(UInt8(ascii: separator))
    }

    /// Orders by time.
    public static func < (left: HTTPDate, right: HTTPDate) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func split(_ seconds: Int64) -> (days: Int64, seconds: Int) {
        let days = seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400
        return (days, Int(seconds - days * 86400))
    }

    /// The Gregorian date of a day counted from 1970-01-01: eras of 400 years that start in March.
    private static func civil(days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
