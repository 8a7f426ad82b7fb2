/// The client went away; nothing more can be sent.
public struct SinkClosed: Error, Hashable, Sendable {
    /// Makes the error.
    public init() {}
}

/// Takes the bytes of a response body as they are made.
public protocol ByteSink: AnyObject {
    /// Sends `bytes`, or keeps them to send them with the next.
    func write(_ bytes: [UInt8]) throws(SinkClosed)
}

/// Why a streamed body stopped short.
public enum StreamError: Error {
    /// The client went away.
    case closed
    /// The body could not be made to the end; the text is for the log. The connection is cut, so that the client does not
    /// take the part for the whole.
    case failed(String)
}

/// The body of a response.
public enum ResponseBody {
    /// No body.
    case none
    /// All of it.
    case bytes([UInt8])
    /// Made while it is sent, so that it is never in memory as a whole; sent without `Content-Length`.
    case stream((any ByteSink) throws(StreamError) -> Void)
}

/// A response.
public struct Response {
    /// The status.
    public var status: Status
    /// The header fields, without `Content-Length`, which the gateway adds.
    public var fields: Fields
    /// The body.
    public var body: ResponseBody

    /// Makes a response of its parts.
    public init(_ status: Status, fields: Fields = [:], body: ResponseBody = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Makes a response with a text.
    public init(_ status: Status, text: String) {
        self.init(
            status, fields: ["Content-Type": "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }
}

/// Answers requests, one at a time.
public protocol Responder: AnyObject {
    /// Answers `request`; every failure is a response.
    func respond(to request: Request) -> Response
}
