/// Who makes a change, as the history is to tell it.
public struct Author: Hashable, Sendable {
    /// The person's name: their display name or login.
    public let name: String
    /// Their mail address; any text without `<`, `>` and line breaks.
    public let email: String
    /// The login given by the web server, nil when there is none.
    public let remoteUser: String?
    /// The client program (`User-Agent`), nil when unknown.
    public let requester: String?

    /// Makes an author of its parts.
    public init(name: String, email: String, remoteUser: String? = nil, requester: String? = nil) {
        self.name = name
        self.email = email
        self.remoteUser = remoteUser
        self.requester = requester
    }
}
