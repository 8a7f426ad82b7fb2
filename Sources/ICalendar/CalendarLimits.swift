public import ContentLine

/// Bounds on the calendars that are read.
public struct CalendarLimits: Hashable, Sendable {
    /// Bounds on the lines.
    public var lines: LineLimits
    /// How deep components may stand in one another; `VALARM` in `VEVENT` in `VCALENDAR` is 3.
    public var maxDepth: Int
    /// Most components, at all depths together.
    public var maxComponents: Int

    /// What no real calendar exceeds.
    public static let `default` = CalendarLimits()

    /// Makes limits; each has a default that no real calendar exceeds.
    public init(lines: LineLimits = .default, maxDepth: Int = 16, maxComponents: Int = 200_000) {
        self.lines = lines
        self.maxDepth = maxDepth
        self.maxComponents = maxComponents
    }
}
