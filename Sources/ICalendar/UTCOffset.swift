/// Seconds to add to UTC to get local time (RFC 5545 §3.3.14).
public struct UTCOffset: Hashable, Sendable, CustomStringConvertible {
    /// The offset, positive to the east of Greenwich.
    public let seconds: Int

    /// Makes an offset of `seconds`.
    public init(seconds: Int) { self.seconds = seconds }

    /// Reads `-0500` or `+013045`, or nil for anything else (RFC 5545 §3.3.14).
    ///
    /// `-0000` is read as zero although no one may write it, and a missing sign as `+`.
    public init?(_ text: some Collection<UInt8>) {
        var reader = DigitReader(text)
        let isNegative = reader.take(UInt8(ascii: "-"))
        if !isNegative { _ = reader.take(UInt8(ascii: "+")) }
        guard let hour = reader.number(digits: 2), hour <= 24, let minute = reader.number(digits: 2),
            minute < 60
        else { return nil }
        var second = 0
        if !reader.isAtEnd {
            guard let number = reader.number(digits: 2), number < 60, reader.isAtEnd else { return nil }
            second = number
        }
        let total = hour * 3600 + minute * 60 + second
        self.init(seconds: isNegative ? -total : total)
    }

    /// The offset as iCalendar writes it, `-0500` (RFC 5545 §3.3.14).
    public var description: String {
        let total = abs(seconds)
        let text = padded(total / 3600, to: 2) + padded(total / 60 % 60, to: 2)
        return (seconds < 0 ? "-" : "+") + text + (total % 60 == 0 ? "" : padded(total % 60, to: 2))
    }
}
