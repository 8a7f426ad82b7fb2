public import Gateway
public import WebDAV

/// All that can be set about the server (`artemisios serve --help` tells the same).
public struct Configuration: Hashable, Sendable {
    /// The data root: every collection is a repository below it.
    public var directory = ""
    /// `unix:PATH` or `HOST:PORT`; nil: the socket is inherited.
    public var listen: String?
    /// How the web server speaks to the workers.
    public var wire = GatewayProtocol.fastCGI
    /// Workers; nil: as many as there are processors, and two at least.
    public var workers: Int?
    /// Requests that a worker answers before a fresh one takes its place; 0: no limit.
    public var maxRequestsPerWorker = 10_000
    /// Permissions of the Unix socket; who may write to it is whoever it says it is.
    public var socketMode: UInt32 = 0o660
    /// Group of the Unix socket, nil: the one of the process.
    public var socketGroup: String?
    /// Make the principal, and a calendar and an address book for it.
    public var defaults = false
    /// Make the principal.
    public var autocreate = false
    /// Path of the one principal, when there is one.
    public var currentUserPrincipal = "/user/"
    /// A principal for each user: `principalPrefix`, the name that the web server authenticated, `principalSuffix`.
    public var multiUser = false
    /// What stands before a user's name in the path of the principal.
    public var principalPrefix = "/"
    /// What stands after a user's name in the path of the principal.
    public var principalSuffix = "/"
    /// Let nobody search for other principals, or look at them, without being in touch with them.
    public var hidePrincipals = false
    /// The domain of the mail addresses of users whose names are none; nil: they have no such addresses.
    public var mailDomain: String?
    /// The URL of a service with the definitions of time zones (RFC 7808), where clients are sent for them; nil for none.
    public var timezoneService: String?
    /// Days for which scheduling messages stay in inboxes; 0: until clients remove them.
    public var inboxDays = 60
    /// The path that the tree is mounted at; nil: what the web server says (`SCRIPT_NAME`).
    public var routePrefix: String?
    /// Answer writes before they are safe from a power cut.
    public var noFsync = false
    /// Make new collections with a work tree, whose files can be seen and edited.
    public var worktree = false
    /// Look into all objects at the start, and not first when somebody asks for them.
    public var eager = false
    /// Leave invitations for those who have no calendar here in the queue of mails.
    public var sendsMail = false
    /// Take invitations that come by mail.
    public var takesMail = false
    /// The bounds on one request.
    public var limits = Limits()
    /// Seconds that a request may go without progress.
    public var requestTimeoutSeconds = 60
    /// Seconds that one read from or write to the web server may take.
    public var peerTimeoutSeconds = 60
    /// Form of the log.
    public var logFormat = LogFormat.text

    /// Makes a configuration with the default of everything.
    public init() {}

    /// Forms of the log.
    public enum LogFormat: String, Hashable, Sendable, CaseIterable {
        /// One line for the eye.
        case text
        /// One JSON object a line.
        case json
    }

    /// Bytes that the objects of one principal may have together, unless its settings say otherwise; nil: no limit.
    public var quotaBytes: Int? {
        get { limits.principalBytes }
        set { limits.principalBytes = newValue }
    }

    /// What the gateway needs of it.
    public var gatewayOptions: GatewayOptions {
        GatewayOptions(
            wire: wire, maxRequests: maxRequestsPerWorker > 0 ? maxRequestsPerWorker : nil,
            peerTimeoutSeconds: peerTimeoutSeconds, requestTimeoutSeconds: requestTimeoutSeconds)
    }
}

/// What is wrong with arguments.
public enum ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no such option.
    case unknown(String)
    /// The option needs a value, or another one.
    case invalid(option: String, value: String, needs: String)
    /// The option must be there.
    case missing(String)

    /// The sentence for the user.
    public var description: String {
        switch self {
        case .unknown(let option): "unknown option \(option)"
        case .invalid(let option, let value, let needs): "\(option) needs \(needs), not “\(value)”"
        case .missing(let option): "\(option) is missing"
        }
    }
}
