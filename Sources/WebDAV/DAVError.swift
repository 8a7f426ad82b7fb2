public import HTTP
public import Store

/// A request's failure: the status to answer and the condition it violates.
///
/// It holds nothing that a client must not see; `details` go to the log alone.
public struct DAVError: Error {
    /// The status.
    public var status: Status
    /// The violated condition, printed in `DAV:error` (RFC 4918 §16).
    public var condition: Condition?
    /// A sentence for people, sent to the client.
    public var message: String?
    /// Further header fields: `Allow`, `Retry-After`, `ETag`, `WWW-Authenticate`.
    public var fields: Fields
    /// For the log.
    public var details: String?
    /// The href of the member of the request's resource that failed, nil when it is the resource itself.
    public var member: String?

    /// Makes an error.
    public init(
        _ status: Status, violated condition: Condition? = nil, message: String? = nil, fields: Fields = [:],
        details: String? = nil, member: String? = nil
    ) {
        self.status = status
        self.condition = condition
        self.message = message
        self.fields = fields
        self.details = details
        self.member = member
    }

    /// The one place where a store's answer becomes a status.
    public init(store error: StoreError) {
        switch error {
        case .notFound: self.init(.notFound)
        // RFC 4918 §9.3.1, §9.7.1: 409 when an ancestor is missing.
        case .parentMissing: self.init(.conflict, message: "The parent collection does not exist.")
        case .exists: self.init(.methodNotAllowed, message: "There is a resource at this URL already.")
        case .invalidName: self.init(.forbidden, message: "This name cannot be used.")
        case .busy: self.init(.serviceUnavailable, fields: ["Retry-After": "2"])
        // RFC 4331 §6.
        case .full: self.init(.insufficientStorage, violated: .dav("sufficient-disk-space"))
        case .readOnly: self.init(.forbidden, message: "This store is read only.")
        case .damaged(let details): self.init(.internalServerError, details: details)
        }
    }
}

/// Runs `body` and turns a store's error into a request's.
public func storing<Result>(_ body: () throws(StoreError) -> Result) throws(DAVError) -> Result {
    do {
        return try body()
    } catch {
        throw DAVError(store: error)
    }
}
