public import ArgumentParser
public import Gateway
public import Server
import WebDAV
import XML

/// Where collections are, and how they are written.
struct StorageOptions: ParsableArguments {
    @Option(name: [.short, .long], help: ArgumentHelp("Directory of the collections.", valueName: "dir"))
    var directory: String

    @Flag(help: "Make new collections with a work tree, whose files can be seen and edited.")
    var worktree = false

    @Flag(name: .customLong("no-fsync"), help: "Answer writes before they are safe from a power cut.")
    var noFsync = false

    @Flag(
        help: """
            Look into all objects at the start, by one of the workers, so that the first request for a collection is as \
            quick as the next.
            """)
    var eager = false

    func apply(to configuration: inout Configuration) {
        configuration.directory = directory
        configuration.eager = eager
        configuration.worktree = worktree
        configuration.noFsync = noFsync
    }

    func validate() throws {
        guard !directory.isEmpty else { throw ValidationError("--directory must not be empty") }
    }
}

/// Who has collections.
struct PrincipalOptions: ParsableArguments {
    @Flag(help: "Make the principal if there is none.")
    var autocreate = false

    @Flag(help: "Make the principal, a calendar and an address book if there are none.")
    var defaults = false

    @Option(help: ArgumentHelp("Path of the one principal.", valueName: "path"))
    var currentUserPrincipal = Configuration().currentUserPrincipal

    @Flag(help: "A principal for each user that the web server has authenticated.")
    var multiUser = false

    @Option(
        help: ArgumentHelp("With --multi-user: path before the name of the user.", valueName: "path"))
    var principalPathPrefix = Configuration().principalPrefix

    @Option(help: ArgumentHelp("With --multi-user: path after the name of the user.", valueName: "path"))
    var principalPathSuffix = Configuration().principalSuffix

    @Flag(help: "Let users find only themselves, and those whose calendars they act for.")
    var hidePrincipals = false

    @Option(
        help: ArgumentHelp(
            "Domain of the mail addresses by which users are invited whose names are no addresses.",
            valueName: "domain"))
    var mailDomain: String?

    @Option(
        help: ArgumentHelp(
            "Service with the definitions of time zones (RFC 7808); clients then leave them out, and get them there.",
            valueName: "URL"))
    var timezoneService: String?

    @Option(
        help: ArgumentHelp(
            "Days for which invitations and answers stay in schedule inboxes; 0: until clients remove them.",
            valueName: "days"))
    var inboxDays = Configuration().inboxDays

    @Option(
        help: ArgumentHelp(
            "URL path that the tree is mounted at. (default: SCRIPT_NAME of the web server)",
            valueName: "path"))
    var routePrefix: String?

    func apply(to configuration: inout Configuration) {
        configuration.autocreate = autocreate
        configuration.defaults = defaults
        configuration.currentUserPrincipal = currentUserPrincipal
        configuration.multiUser = multiUser
        configuration.principalPrefix = principalPathPrefix
        configuration.principalSuffix = principalPathSuffix
        configuration.hidePrincipals = hidePrincipals
        configuration.mailDomain = mailDomain
        configuration.timezoneService = timezoneService
        configuration.inboxDays = inboxDays
        configuration.routePrefix = routePrefix
    }
}

/// How the web server reaches the workers.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "unix:/PATH or HOST:PORT. Not needed when systemd passes a socket.", valueName: "address"))
    var listen: String?

    @Option(name: .customLong("protocol"), help: "How the web server speaks to the workers.")
    var wire = Configuration().wire

    @Option(help: ArgumentHelp("Permissions of the Unix socket, octal.", valueName: "mode"))
    var socketMode = "660"

    @Option(help: ArgumentHelp("Group of the Unix socket, that of the web server.", valueName: "group"))
    var socketGroup: String?

    @Option(
        help: ArgumentHelp(
            "Number of workers. (default: one for each processor, two at least)", valueName: "n"))
    var workers: Int?

    @Option(help: ArgumentHelp("Requests after which a worker is replaced; 0: never.", valueName: "n"))
    var maxRequestsPerWorker = Configuration().maxRequestsPerWorker

    @Option(help: ArgumentHelp("Time for requests in hand when stopping.", valueName: "seconds"))
    var grace = 30

    @Option(help: "Form of the log on the standard error stream.")
    var logFormat = Configuration().logFormat

    @Option(
        help: ArgumentHelp(
            "Program of the workers. (default: artemisios-worker beside this program)", valueName: "path"))
    var worker: String?

    func apply(to configuration: inout Configuration) {
        configuration.listen = listen
        configuration.wire = wire
        configuration.socketMode = UInt32(socketMode, radix: 8) ?? configuration.socketMode
        configuration.socketGroup = socketGroup
        configuration.workers = workers
        configuration.maxRequestsPerWorker = maxRequestsPerWorker
        configuration.logFormat = logFormat
    }

    func validate() throws {
        guard let mode = UInt32(socketMode, radix: 8), mode <= 0o777 else {
            throw ValidationError("--socket-mode needs an octal number like 660")
        }
        guard workers ?? 1 > 0 else { throw ValidationError("--workers needs a number over 0") }
        guard maxRequestsPerWorker >= 0, grace >= 0 else {
            throw ValidationError("--max-requests-per-worker and --grace cannot be negative")
        }
    }
}

extension GatewayProtocol: ExpressibleByArgument {}

extension Configuration.LogFormat: ExpressibleByArgument {}

/// The bounds on one request.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Bytes of a request's body.", valueName: "n"))
    var maxBodyBytes = Configuration().limits.bodyBytes

    @Option(help: ArgumentHelp("Bytes of an XML body.", valueName: "n"))
    var maxXMLBytes = Configuration().limits.xml.bytes

    @Option(help: ArgumentHelp("XML elements within each other.", valueName: "n"))
    var maxXMLDepth = Configuration().limits.xml.depth

    @Option(help: ArgumentHelp("Elements of an XML body.", valueName: "n"))
    var maxXMLElements = Configuration().limits.xml.elements

    @Option(help: ArgumentHelp("Attributes of one XML element.", valueName: "n"))
    var maxXMLAttributes = Configuration().limits.xml.attributes

    @Option(help: ArgumentHelp("Instances of a recurring object in one answer.", valueName: "n"))
    var maxInstances = Configuration().limits.instances

    @Option(help: ArgumentHelp("Bytes of one object in a calendar or an address book.", valueName: "n"))
    var maxResourceBytes = Configuration().limits.resourceBytes

    @Option(help: ArgumentHelp("Attendees of one event.", valueName: "n"))
    var maxAttendees = Configuration().limits.attendees

    @Option(help: ArgumentHelp("Objects that one query may return.", valueName: "n"))
    var maxMatches = Configuration().limits.matches

    @Option(
        help: ArgumentHelp(
            "Bytes that the objects of one principal may have together; without it: no limit.", valueName: "n"
        ))
    var quotaBytes: Int?

    @Option(
        help: ArgumentHelp("Time a request may go without progress; 0: no limit.", valueName: "seconds"))
    var requestTimeout = Configuration().requestTimeoutSeconds

    @Option(
        help: ArgumentHelp("Time for one read from or write to the web server.", valueName: "seconds"))
    var peerTimeout = Configuration().peerTimeoutSeconds

    func apply(to configuration: inout Configuration) {
        configuration.limits.bodyBytes = maxBodyBytes
        configuration.limits.xml.bytes = maxXMLBytes
        configuration.limits.xml.depth = maxXMLDepth
        configuration.limits.xml.elements = maxXMLElements
        configuration.limits.xml.attributes = maxXMLAttributes
        configuration.limits.instances = maxInstances
        configuration.limits.resourceBytes = maxResourceBytes
        configuration.limits.attendees = maxAttendees
        configuration.limits.matches = maxMatches
        configuration.limits.principalBytes = quotaBytes
        configuration.requestTimeoutSeconds = requestTimeout
        configuration.peerTimeoutSeconds = peerTimeout
    }

    func validate() throws {
        let counts = [
            maxBodyBytes, maxXMLBytes, maxXMLDepth, maxXMLElements, maxXMLAttributes, maxInstances,
            maxResourceBytes, maxAttendees, maxMatches, peerTimeout,
        ]
        guard counts.allSatisfy({ $0 > 0 }), requestTimeout >= 0, quotaBytes ?? 0 >= 0 else {
            throw ValidationError("limits need a number over 0")
        }
    }
}
