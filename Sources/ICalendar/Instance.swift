/// One instance of a component that may recur (RFC 4791 §9.9).
public struct Instance: Hashable, Sendable {
    /// Which of the components given defines it: the master, or the override that replaces the instance.
    public let componentIndex: Int
    /// The start it was to have by the rules of the master, in the form of the master's `DTSTART`; nil for a
    /// component that does not recur.
    public let recurrenceID: DateTimeValue?
    /// The value of `DTSTART` the instance would have by itself; for a to-do without one, of `DUE`.
    public let startValue: DateTimeValue
    /// Where it starts; the midnight of a date.
    public let start: Instant
    /// Where it ends, `start` when it takes no time.
    public let end: Instant
    /// Whether an override defines it.
    public let isOverride: Bool
    /// Whether it is the first the master has by its `DTSTART`.
    public let isFirst: Bool
}
