public import ContentLine

/// Why bytes are not a calendar, and where.
public struct CalendarParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The line itself cannot be read.
        case line(ContentLineError.Reason)
        /// There is no component at all.
        case empty
        /// A property stands outside of any component.
        case outsideComponent
        /// An `END` names another component than the one that is open, or none is open.
        case mismatchedEnd
        /// The bytes stop within a component.
        case unclosedComponent
        /// There is more after the end of the one component that was asked for.
        case severalComponents
        /// Components stand in one another deeper than the limit.
        case tooDeep
        /// There are more components than the limit.
        case tooManyComponents
    }

    /// The number of the physical line, from 1.
    public let line: Int
    /// What is wrong there.
    public let reason: Reason

    /// Makes an error at physical line `line`.
    public init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }

    init(_ error: ContentLineError) {
        self.init(line: error.line, reason: .line(error.reason))
    }

    /// The line and the reason, for a log or an answer.
    public var description: String { "line \(line): \(reason)" }
}

extension CalendarParseError.Reason: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .line(let reason): reason.description
        case .empty: "no component"
        case .outsideComponent: "a property outside of any component"
        case .mismatchedEnd: "an END that does not match the BEGIN"
        case .unclosedComponent: "a component without its END"
        case .severalComponents: "more after the end of the calendar"
        case .tooDeep: "components too deep in one another"
        case .tooManyComponents: "too many components"
        }
    }
}
