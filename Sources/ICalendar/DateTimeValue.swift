internal import ContentLine

/// A DATE or one of the three forms of DATE-TIME (RFC 5545 §3.3.4, §3.3.5).
public enum DateTimeValue: Hashable, Sendable {
    /// A whole day, the same day everywhere.
    case date(CivilDate)
    /// What clocks show, wherever they are.
    case floating(CivilDateTime)
    /// What clocks in UTC show.
    case utc(CivilDateTime)
    /// What clocks in a time zone show.
    case zoned(CivilDateTime, tzid: String)

    /// Reads a value; `tzid` is the zone of a local time (RFC 5545 §3.3.4, §3.3.5).
    ///
    /// Whether it is a date or a date-time follows from its form. A zone given for a date or for a time in UTC
    /// means nothing.
    public init?(_ text: some Collection<UInt8>, tzid: String? = nil) {
        if let (value, isUTC) = CivilDateTime.parse(text) {
            if isUTC {
                self = .utc(value)
            } else if let tzid {
                self = .zoned(value, tzid: tzid)
            } else {
                self = .floating(value)
            }
        } else if let date = CivilDate(text) {
            self = .date(date)
        } else {
            return nil
        }
    }

    /// Whether it is a whole day.
    public var isDate: Bool {
        if case .date = self { true } else { false }
    }

    /// What is written: the date or the local time, midnight for a date.
    public var local: CivilDateTime {
        switch self {
        case .date(let date): CivilDateTime(date)
        case .floating(let value), .utc(let value), .zoned(let value, _): value
        }
    }

    /// The zone named with the value.
    public var tzid: String? {
        if case .zoned(_, let tzid) = self { tzid } else { nil }
    }

    /// A value of the same form with another date and time.
    ///
    /// For a date the time of day is left out.
    public func with(local: CivilDateTime) -> DateTimeValue {
        switch self {
        case .date: .date(local.date)
        case .floating: .floating(local)
        case .utc: .utc(local)
        case .zoned(_, let tzid): .zoned(local, tzid: tzid)
        }
    }
}

extension DateTimeValue: CustomStringConvertible {
    /// The value as iCalendar writes it, without the zone (RFC 5545 §3.3.4, §3.3.5).
    public var description: String {
        switch self {
        case .date(let date): date.description
        case .floating(let value), .zoned(let value, _): value.description
        case .utc(let value): "\(value)Z"
        }
    }
}
