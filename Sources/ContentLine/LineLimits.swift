/// Bounds on the content lines that are read.
public struct LineLimits: Hashable, Sendable {
    /// Longest logical line in bytes, unfolded; an attachment or a photo may be one line.
    public var maxLineBytes: Int
    /// Most physical lines.
    public var maxLines: Int
    /// Most parameters plus parameter values of one line.
    public var maxParameters: Int

    /// What no real calendar or card exceeds.
    public static let `default` = LineLimits()

    /// Makes limits; each has a default that no real calendar or card exceeds.
    public init(maxLineBytes: Int = 32 << 20, maxLines: Int = 2_000_000, maxParameters: Int = 1000) {
        self.maxLineBytes = maxLineBytes
        self.maxLines = maxLines
        self.maxParameters = maxParameters
    }
}
