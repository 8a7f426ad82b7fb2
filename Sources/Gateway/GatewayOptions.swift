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

    /// Makes options.
    public init(
        wire: GatewayProtocol, maxRequests: Int? = nil, peerTimeoutSeconds: Int = 60,
        requestTimeoutSeconds: Int = 60
    ) {
        self.wire = wire
        self.maxRequests = maxRequests
        self.peerTimeoutSeconds = peerTimeoutSeconds
        self.requestTimeoutSeconds = requestTimeoutSeconds
    }
}
