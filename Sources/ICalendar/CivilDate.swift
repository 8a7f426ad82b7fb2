/// A day of the proleptic Gregorian calendar, without a time zone (RFC 5545 §3.3.4).
///
/// Years run from 0 to 9999, what four digits can write; arithmetic may leave that range.
public struct CivilDate: Hashable, Comparable, Sendable {
    /// The year.
    public let year: Int
    /// The month, 1 … 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// Makes a date, or nil when the month has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.daysInMonth(month, of: year) else { return nil }
        self.init(uncheckedYear: year, month: month, day: day)
    }

    init(uncheckedYear year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Makes the date that is `days` after 1970-01-01.
    ///
    /// The year is taken to start in March, so that the leap day is its last and each month's first day is a
    /// linear function of the month.
    public init(daysSinceEpoch days: Int) {
        let shifted = days + 719_468  // days since 0000-03-01
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        self.init(
            uncheckedYear: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// Days since 1970-01-01, negative before.
    public var daysSinceEpoch: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = floorDivide(marchYear, 400)
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day of the week.
    public var weekday: Weekday { Weekday(daysSinceEpoch: daysSinceEpoch) }

    /// The day of the year, from 1.
    public var dayOfYear: Int { Self.daysBeforeMonth(month, of: year) + day }

    /// The date `days` later, earlier when negative.
    public func adding(days: Int) -> CivilDate {
        days == 0 ? self : CivilDate(daysSinceEpoch: daysSinceEpoch + days)
    }

    /// Whether `year` has a 29 February.
    public static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The length of a month in days.
    public static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days of the year before the first of `month`.
    static func daysBeforeMonth(_ month: Int, of year: Int) -> Int {
        let common = (367 * month - 362) / 12
        return month <= 2 ? common : common - (isLeap(year) ? 1 : 2)
    }

    /// Whether `left` is the earlier day.
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

extension CivilDate: CustomStringConvertible {
    /// The date as iCalendar writes it, `19970714` (RFC 5545 §3.3.4).
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds the bytes of `description`.
    func append(to bytes: inout [UInt8]) {
        bytes.append(padded: year, to: 4)
        bytes.append(padded: month, to: 2)
        bytes.append(padded: day, to: 2)
    }

    /// Reads `19970714`, or nil for anything else (RFC 5545 §3.3.4).
    public init?(_ text: some Collection<UInt8>) {
        var reader = DigitReader(text)
        guard let date = CivilDate(&reader), reader.isAtEnd else { return nil }
        self = date
    }

    init?(_ reader: inout DigitReader<some Collection<UInt8>>) {
        guard let year = reader.number(digits: 4), let month = reader.number(digits: 2),
            let day = reader.number(digits: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
