/// The conditions of a request on the resource's entity tag (RFC 9110 §13).
public struct Conditions: Hashable, Sendable {
    /// `If-Match`, nil when absent.
    public var ifMatch: ETagList?
    /// `If-None-Match`, nil when absent.
    public var ifNoneMatch: ETagList?

    /// Reads the conditions of a request.
    public init(_ fields: Fields) {
        self.ifMatch = fields["If-Match"].map(ETagList.init)
        self.ifNoneMatch = fields["If-None-Match"].map(ETagList.init)
    }

    /// True when the request sets no condition.
    public var isEmpty: Bool { ifMatch == nil && ifNoneMatch == nil }

    /// Whether the conditions hold (RFC 9110 §13.2.2).
    ///
    /// - Parameter current: the tag of the resource as it is, nil when it does not exist.
    /// - Returns: what to do.
    public func evaluate(current: ETag?) -> Outcome {
        if let ifMatch, !ifMatch.contains(current) { return .failed }
        if let ifNoneMatch, ifNoneMatch.contains(current) { return .unchanged }
        return .passed
    }

    /// What conditions come to.
    public enum Outcome: Hashable, Sendable {
        /// Go on.
        case passed
        /// 412 (RFC 9110 §15.5.13).
        case failed
        /// 304 for GET and HEAD, 412 for all others.
        case unchanged
    }
}
