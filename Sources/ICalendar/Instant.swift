/// A point of time, in seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Instant: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, negative before.
    public let secondsSinceEpoch: Int64

    /// Makes the instant `seconds` after 1970-01-01T00:00:00Z.
    public init(secondsSinceEpoch seconds: Int64) { self.secondsSinceEpoch = seconds }

    /// Makes the instant at which a clock in UTC shows `utc`.
    public init(utc: CivilDateTime) { self.init(secondsSinceEpoch: Int64(utc.secondsSinceEpoch)) }

    /// Reads a "date with UTC time", `20060104T140000Z` (RFC 4791 §9.9).
    public init?(_ text: some Collection<UInt8>) {
        guard let (value, isUTC) = CivilDateTime.parse(text), isUTC else { return nil }
        self.init(utc: value)
    }

    /// What a clock in UTC shows.
    public var utc: CivilDateTime { CivilDateTime(secondsSinceEpoch: Int(secondsSinceEpoch)) }

    /// Whether `left` is earlier.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The instant `seconds` later.
    public static func + (instant: Instant, seconds: Int) -> Instant {
        Instant(secondsSinceEpoch: instant.secondsSinceEpoch + Int64(seconds))
    }

    /// Seconds from `right` to `left`.
    public static func - (left: Instant, right: Instant) -> Int {
        Int(left.secondsSinceEpoch - right.secondsSinceEpoch)
    }
}

extension Instant: CustomStringConvertible {
    /// The instant as iCalendar writes it, `20060104T140000Z` (RFC 5545 §3.3.5).
    public var description: String {
        var bytes = utc.digits
        bytes.append(UInt8(ascii: "Z"))
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A span of time that may be open at either end (RFC 4791 §9.9).
public struct TimeRange: Hashable, Sendable {
    /// The first instant of the range, nil for all the past.
    public let start: Instant?
    /// The first instant after the range, nil for all the future.
    public let end: Instant?

    /// Makes the range `[start, end)`.
    public init(start: Instant?, end: Instant?) {
        self.start = start
        self.end = end
    }

    /// Whether an instant is within the range (RFC 4791 §9.9).
    public func contains(_ instant: Instant) -> Bool {
        (start.map { $0 <= instant } ?? true) && (end.map { instant < $0 } ?? true)
    }
}
