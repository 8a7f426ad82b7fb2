/// Why bytes are not content lines, and where.
public struct ContentLineError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the line.
    public enum Reason: Hashable, Sendable {
        /// The bytes are not UTF-8 (RFC 5545 §3.1.4, RFC 6350 §3.1).
        case notUTF8
        /// There is a NUL byte.
        case nulByte
        /// The line has no colon, or a name with characters that names cannot have.
        case malformedName
        /// A quoted parameter value is not closed, or a parameter has a malformed name.
        case malformedParameter
        /// The logical line is longer than the limit.
        case lineTooLong
        /// There are more lines than the limit.
        case tooManyLines
        /// The line has more parameters or parameter values than the limit.
        case tooManyParameters
    }

    /// The number of the physical line, from 1, where the logical line begins.
    public let line: Int
    /// What is wrong with it.
    public let reason: Reason

    /// Makes an error for the logical line that begins at physical line `line`.
    public init(line: Int, reason: Reason) {
        self.line = line
        self.reason = reason
    }

    /// The line and the reason, for a log or an answer.
    public var description: String { "line \(line): \(reason)" }
}

extension ContentLineError.Reason: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .notUTF8: "not valid UTF-8"
        case .nulByte: "a NUL byte"
        case .malformedName: "no property name followed by a colon"
        case .malformedParameter: "a malformed parameter"
        case .lineTooLong: "a line that is too long"
        case .tooManyLines: "too many lines"
        case .tooManyParameters: "too many parameters"
        }
    }
}
