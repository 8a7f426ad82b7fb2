/// How the web server speaks to a worker.
public enum GatewayProtocol: String, Hashable, Sendable, CaseIterable {
    /// FastCGI 1.0, the responder role.
    case fastCGI = "fastcgi"
    /// SCGI 1.
    case scgi
}

/// What a `Gateway` is told.
public struct GatewayOptions: Hashable, Sendable {
    /// How the web server speaks to the worker.
    public var wire: GatewayProtocol
    /// Requests to answer before `run` returns; nil: no limit.
    public var maxRequests: Int?
    /// Seconds that one read from or write to the web server may take.
    public var peerTimeoutSeconds: Int
    /// Seconds that a request may go without reading or writing a byte, before the process ends by SIGALRM; 0: no limit.
    public var requestTimeoutSeconds: Int
    /// A socket to the process that started this one, nil when there is none.
    ///
    /// The worker writes one byte to it when it is ready, and ends when the other end is closed.
    public var lifeline: Int32?

    /// Makes options.
    public init(
        wire: GatewayProtocol, maxRequests: Int? = nil, peerTimeoutSeconds: Int = 60,
        requestTimeoutSeconds: Int = 60, lifeline: Int32? = nil
    ) {
        self.wire = wire
        self.maxRequests = maxRequests
        self.peerTimeoutSeconds = peerTimeoutSeconds
        self.requestTimeoutSeconds = requestTimeoutSeconds
        self.lifeline = lifeline
    }
}
