/// A span of time given by its start and its end or length (RFC 5545 §3.3.9).
public struct Period: Hashable, Sendable {
    /// How a period says where it ends.
    public enum End: Hashable, Sendable {
        /// At this time, which is not part of it.
        case at(DateTimeValue)
        /// After this time.
        case after(ICalendarDuration)
    }

    /// Where it starts.
    public let start: DateTimeValue
    /// Where it ends.
    public let end: End

    /// Makes a period.
    public init(start: DateTimeValue, end: End) {
        self.start = start
        self.end = end
    }

    /// Reads `19970101T180000Z/PT5H30M`; `tzid` is the zone of local times (RFC 5545 §3.3.9).
    public init?(_ text: some Collection<UInt8>, tzid: String? = nil) {
        guard let slash = text.firstIndex(of: UInt8(ascii: "/")),
            let start = DateTimeValue(text[..<slash], tzid: tzid)
        else { return nil }
        let rest = text[text.index(after: slash)...]
        if let end = DateTimeValue(rest, tzid: tzid) {
            self.init(start: start, end: .at(end))
        } else if let duration = ICalendarDuration(rest), !duration.isNegative {
            self.init(start: start, end: .after(duration))
        } else {
            return nil
        }
    }
}
