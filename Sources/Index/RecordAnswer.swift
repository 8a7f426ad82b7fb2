/// What a record can say of its object.
public enum RecordAnswer: Sendable {
    case yes
    case no
    /// The object itself must be asked.
    case unknown

    /// Whether both hold.
    public func and(_ other: RecordAnswer) -> RecordAnswer {
        if self == .no || other == .no { return .no }
        return self == .yes && other == .yes ? .yes : .unknown
    }

    /// Whether one of them holds.
    public func or(_ other: RecordAnswer) -> RecordAnswer {
        if self == .yes || other == .yes { return .yes }
        return self == .no && other == .no ? .no : .unknown
    }

    /// The opposite.
    public var negated: RecordAnswer {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unknown: .unknown
        }
    }
}
