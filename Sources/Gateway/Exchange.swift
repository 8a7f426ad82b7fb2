public import HTTP

/// One request and how it was answered, for the log.
public struct Exchange {
    /// What the lines of the log on this request have in common.
    public let id: String
    /// The request, nil when it could not be understood.
    public let request: Request?
    /// The status that was sent; nil when the request did not arrive in whole, so that nothing was.
    public let status: Status?
    /// Bytes of the body that were sent.
    public let bodyBytes: Int
    /// Time from the accepted connection to the last byte.
    public let microseconds: Int
    /// How it ended.
    public let outcome: Outcome
    /// Why the request could not be understood.
    public let problem: String?

    /// Makes the record of a request.
    public init(
        id: String, request: Request?, status: Status?, bodyBytes: Int, microseconds: Int, outcome: Outcome,
        problem: String?
    ) {
        self.id = id
        self.request = request
        self.status = status
        self.bodyBytes = bodyBytes
        self.microseconds = microseconds
        self.outcome = outcome
        self.problem = problem
    }
}
