/// A request as the web server forwards it; an object, as it goes through many hands and has much to copy.
public final class Request {
    /// What its lines of the log have in common; made by the gateway, empty elsewhere.
    public let id: String
    /// The method.
    public let method: Method
    /// The path and query as the client sent them (`REQUEST_URI`).
    public let target: String
    /// The path the program is mounted at (`SCRIPT_NAME`), empty at the root.
    public let scriptName: String
    /// The header fields.
    public let fields: Fields
    /// Who the web server says the client is (`REMOTE_USER`), nil when it does not say or says nothing.
    public let remoteUser: String?
    /// The client's address (`REMOTE_ADDR`), for the log.
    public let remoteAddress: String?
    /// The body.
    public let body: RequestBody

    /// Makes a request of its parts.
    public init(
        method: Method, target: String, scriptName: String = "", fields: Fields = [:],
        remoteUser: String? = nil, remoteAddress: String? = nil, body: RequestBody = RequestBody([]),
        id: String = ""
    ) {
        self.id = id
        self.method = method
        self.target = target
        self.scriptName = scriptName
        self.fields = fields
        self.remoteUser = remoteUser
        self.remoteAddress = remoteAddress
        self.body = body
    }
}
