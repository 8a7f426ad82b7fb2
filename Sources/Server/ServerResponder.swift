public import HTTP

/// Answers the requests of a worker.
public final class ServerResponder: Responder {
    /// Makes a responder.
    public init(_ configuration: Configuration) {}

    /// Answers one request.
    public func respond(to request: Request) -> Response {
        Response(.serviceUnavailable, text: "Not yet.\n")
    }
}
