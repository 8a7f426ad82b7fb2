/// A rule by which a component recurs (RFC 5545 §3.3.10).
///
/// Lists are as written; an empty list is a part that is absent.
public struct RecurrenceRule: Hashable, Sendable {
    /// The length of the interval that repeats, from the shortest.
    public enum Frequency: Int, CaseIterable, Comparable, Sendable {
        case secondly, minutely, hourly, daily, weekly, monthly, yearly

        /// Whether `left` is the shorter interval.
        public static func < (left: Frequency, right: Frequency) -> Bool { left.rawValue < right.rawValue }
    }

    /// A value of BYDAY: a weekday, or the nth of its kind in the month or year.
    public struct WeekdayNumber: Hashable, Sendable {
        /// Which one, counted from the end when negative; nil for all.
        public let ordinal: Int?
        /// The weekday.
        public let weekday: Weekday

        /// Makes a value of BYDAY.
        public init(_ ordinal: Int? = nil, _ weekday: Weekday) {
            self.ordinal = ordinal
            self.weekday = weekday
        }
    }

    /// What happens to days that do not exist, such as 30 February (RFC 7529 §4.1).
    public enum Skip: String, Hashable, Sendable {
        /// They are left out.
        case omit = "OMIT"
        /// The day before stands for them.
        case backward = "BACKWARD"
        /// The day after stands for them.
        case forward = "FORWARD"
    }

    /// FREQ.
    public var frequency: Frequency
    /// INTERVAL, at least 1.
    public var interval = 1
    /// COUNT, at least 1; `DTSTART` is the first.
    public var count: Int?
    /// UNTIL, inclusive: a date, a local time or a time in UTC.
    public var until: DateTimeValue?
    /// BYSECOND, 0 … 60.
    public var bySecond: [Int] = []
    /// BYMINUTE, 0 … 59.
    public var byMinute: [Int] = []
    /// BYHOUR, 0 … 23.
    public var byHour: [Int] = []
    /// BYDAY.
    public var byDay: [WeekdayNumber] = []
    /// BYMONTHDAY, ±1 … 31.
    public var byMonthDay: [Int] = []
    /// BYYEARDAY, ±1 … 366.
    public var byYearDay: [Int] = []
    /// BYWEEKNO, ±1 … 53.
    public var byWeekNumber: [Int] = []
    /// BYMONTH, 1 … 12.
    public var byMonth: [Int] = []
    /// BYSETPOS, ±1 … 366.
    public var bySetPosition: [Int] = []
    /// WKST.
    public var weekStart = Weekday.monday
    /// SKIP, which only stands beside `RSCALE=GREGORIAN` (RFC 7529 §4).
    public var skip = Skip.omit

    /// Makes a rule that repeats at each interval, for ever.
    public init(_ frequency: Frequency) { self.frequency = frequency }

    /// Whether neither COUNT nor UNTIL ends the rule.
    public var isInfinite: Bool { count == nil && until == nil }
}

/// Why a text is not a recurrence rule this program can follow.
public enum RecurrenceRuleError: Error, Hashable, Sendable {
    /// There is no FREQ.
    case noFrequency
    /// The part is there twice.
    case repeatedPart(String)
    /// The part is not one of RFC 5545.
    case unknownPart(String)
    /// The part's value is malformed or out of its limits.
    case invalidValue(String)
    /// The rule counts in a calendar other than the Gregorian (RFC 7529).
    case unsupportedScale(String)
}
