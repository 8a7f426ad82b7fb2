/// A date and time of day, without a time zone (RFC 5545 §3.3.5).
public struct CivilDateTime: Hashable, Comparable, Sendable {
    /// The day.
    public let date: CivilDate
    /// Seconds since midnight, 0 … 86399.
    public let secondOfDay: Int

    /// Makes a date-time, or nil when the time is not one of a day's.
    ///
    /// RFC 5545 §3.3.5: second 60, a leap second, is taken as second 59.
    public init?(_ date: CivilDate, hour: Int, minute: Int, second: Int) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else {
            return nil
        }
        self.date = date
        self.secondOfDay = hour * 3600 + minute * 60 + min(second, 59)
    }

    /// Makes the midnight that starts `date`.
    public init(_ date: CivilDate) {
        self.date = date
        self.secondOfDay = 0
    }

    /// Makes the date-time `seconds` after 1970-01-01T00:00:00 on the same clock.
    public init(secondsSinceEpoch seconds: Int) {
        let day = floorDivide(seconds, 86400)
        self.date = CivilDate(daysSinceEpoch: day)
        self.secondOfDay = seconds - day * 86400
    }

    /// Seconds since 1970-01-01T00:00:00 on the same clock.
    public var secondsSinceEpoch: Int { date.daysSinceEpoch * 86400 + secondOfDay }

    /// The hour, 0 … 23.
    public var hour: Int { secondOfDay / 3600 }
    /// The minute, 0 … 59.
    public var minute: Int { secondOfDay / 60 % 60 }
    /// The second, 0 … 59.
    public var second: Int { secondOfDay % 60 }

    /// The same time of day `days` later.
    public func adding(days: Int) -> CivilDateTime {
        days == 0 ? self : CivilDateTime(secondsSinceEpoch: secondsSinceEpoch + days * 86400)
    }

    /// The date-time `seconds` later on the same clock.
    public func adding(seconds: Int) -> CivilDateTime {
        seconds == 0 ? self : CivilDateTime(secondsSinceEpoch: secondsSinceEpoch + seconds)
    }

    /// Whether `left` is earlier on the same clock.
    public static func < (left: CivilDateTime, right: CivilDateTime) -> Bool {
        left.date == right.date ? left.secondOfDay < right.secondOfDay : left.date < right.date
    }
}

extension CivilDateTime: CustomStringConvertible {
    /// The date-time as iCalendar writes local time, `19970714T133000` (RFC 5545 §3.3.5).
    public var description: String { String(decoding: digits, as: UTF8.self) }

    /// The bytes of `description`.
    var digits: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        date.append(to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        bytes.append(padded: hour, to: 2)
        bytes.append(padded: minute, to: 2)
        bytes.append(padded: second, to: 2)
        return bytes
    }

    /// Reads `19970714T133000`, and says whether a `Z` follows (RFC 5545 §3.3.5).
    static func parse(_ text: some Collection<UInt8>) -> (value: CivilDateTime, isUTC: Bool)? {
        var reader = DigitReader(text)
        guard let date = CivilDate(&reader), reader.take(UInt8(ascii: "T")),
            let hour = reader.number(digits: 2), let minute = reader.number(digits: 2),
            let second = reader.number(digits: 2),
            let value = CivilDateTime(date, hour: hour, minute: minute, second: second)
        else { return nil }
        let isUTC = reader.take(UInt8(ascii: "Z"))
        return reader.isAtEnd ? (value, isUTC) : nil
    }
}
