/// The conditions of a request on the resource's entity tag and last change (RFC 9110 §13).
public struct Conditions: Hashable, Sendable {
    /// `If-Match`, nil when absent.
    public var ifMatch: ETagList?
    /// `If-None-Match`, nil when absent.
    public var ifNoneMatch: ETagList?
    /// `If-Modified-Since`, nil when absent or no date.
    public var ifModifiedSince: HTTPDate?
    /// `If-Unmodified-Since`, nil when absent or no date.
    public var ifUnmodifiedSince: HTTPDate?

    /// Reads the conditions of a request.
    public init(_ fields: Fields) {
        self.ifMatch = fields["If-Match"].map(ETagList.init)
        self.ifNoneMatch = fields["If-None-Match"].map(ETagList.init)
        self.ifModifiedSince = fields["If-Modified-Since"].flatMap { HTTPDate($0) }
        self.ifUnmodifiedSince = fields["If-Unmodified-Since"].flatMap { HTTPDate($0) }
    }

    /// True when the request sets no condition.
    public var isEmpty: Bool { ifMatch == nil && ifNoneMatch == nil && !needsDate }

    /// True when the time of the last change decides something.
    public var needsDate: Bool {
        (ifMatch == nil && ifUnmodifiedSince != nil) || (ifNoneMatch == nil && ifModifiedSince != nil)
    }

    /// Whether the conditions hold (RFC 9110 §13.2.2).
    ///
    /// - Parameters:
    ///   - current: the tag of the resource as it is, nil when it does not exist.
    ///   - modified: when it was changed last; nil when that is not known, and then a condition on it is passed over.
    ///   - isSafe: whether the method changes nothing; `If-Modified-Since` counts for such only.
    /// - Returns: what to do.
    public func evaluate(current: ETag?, modified: HTTPDate? = nil, isSafe: Bool = false) -> Outcome {
        if let ifMatch {
            if !ifMatch.containsState(of: current) { return .failed }
        } else if let ifUnmodifiedSince, let modified, modified > ifUnmodifiedSince {
            return .failed
        }
        if let ifNoneMatch {
            if ifNoneMatch.isUpToDate(with: current) { return .unchanged }
        } else if isSafe, let ifModifiedSince, let modified, modified <= ifModifiedSince {
            return .unchanged
        }
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
