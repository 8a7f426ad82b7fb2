public import ContentLine

/// Why bytes are not a vCard, and where.
public struct CardParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The line itself cannot be read.
        case line(ContentLineError.Reason)
        /// There is no card at all.
        case empty
        /// A line stands outside of any card, or the bytes hold something else than cards.
        case notACard
        /// An `END` does not close a card, or a card begins inside another.
        case mismatchedEnd
        /// The bytes stop within a card.
        case unclosedCard
        /// There is more after the end of the one card that was asked for.
        case severalCards
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

    /// The line and the reason, for a log or an answer.
    public var description: String { "line \(line): \(reason)" }
}

extension CardParseError.Reason: CustomStringConvertible {
    /// What is wrong, in words.
    public var description: String {
        switch self {
        case .line(let reason): reason.description
        case .empty: "no vCard"
        case .notACard: "something that is not a vCard"
        case .mismatchedEnd: "BEGIN and END that do not match"
        case .unclosedCard: "a vCard without its END"
        case .severalCards: "more after the end of the vCard"
        }
    }
}
