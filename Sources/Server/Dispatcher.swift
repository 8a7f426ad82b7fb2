public import CalDAV
import CardDAV
import Gateway
import GitStore
public import HTTP
import Store
import WebDAV
import XML

/// Answers requests: finds who asks and what for, and hands over to the method.
public final class Dispatcher: Responder {
    let configuration: Configuration
    let store: any CollectionStore
    let features: FeatureSet
    let calendars: CalendarServices
    let principals: Principals
    let log: AccessLog
    private let documents: XMLDocuments
    /// Users whose principal was seen or made by this worker.
    private var knownUsers: Set<StorePath> = []

    /// Makes the dispatcher of a worker, and what its configuration says should be there.
    ///
    /// - Parameters:
    ///   - configuration: the configuration.
    ///   - log: the log.
    ///   - outbound: the way to calendar users who are no principals; nil for the one of the configuration.
    /// - Throws: `StartError` when the data root cannot be used.
    public init(
        _ configuration: Configuration, log: AccessLog, outbound: (any OutboundMessages)? = nil
    ) throws(StartError) {
        self.configuration = configuration
        self.log = log
        self.documents = XMLDocuments(limits: configuration.limits.xml)
        self.store = try Self.openStore(configuration)
        let index = Self.openIndex(configuration, log: log)
        let limits = configuration.limits
        self.calendars = CalendarServices(
            limits: CalendarServices.Limits(
                resourceBytes: limits.resourceBytes, attendeesPerInstance: limits.attendees,
                matches: limits.matches),
            index: index, scheduling: configuration.scheduling(outbound ?? configuration.outbound),
            timezoneService: configuration.timezoneService, systemZone: SystemTimeZones().file)
        self.features = .all(
            calendars: calendars,
            addressbooks: AddressbookServices(
                limits: AddressbookServices.Limits(
                    resourceBytes: limits.resourceBytes, matches: limits.matches), index: index),
            isMultiUser: configuration.multiUser)
        self.principals = try Principals(configuration)
        if configuration.autocreate || configuration.defaults, case .single(let principal) = principals {
            try Self.starting(configuration) { () throws(StoreError) in
                try provisioning(for: nil).provide(principal, defaults: configuration.defaults)
            }
        }
    }

    /// Answers one request; every failure is a response.
    public func respond(to request: Request) -> Response {
        do throws(DAVError) {
            return try answer(request)
        } catch {
            if let details = error.details { log.note(details, id: request.id) }
            return Response(error, prefixes: features.prefixes)
        }
    }

    private func answer(_ request: Request) throws(DAVError) -> Response {
        // RFC 9110 §9.3.7: OPTIONS for the server as a whole.
        if request.method == .options, request.target == "*" { return features.optionsResponse(for: nil) }
        let path = try Self.path(of: request)
        let prefix = configuration.prefix(for: request)
        if let redirect = Discovery.redirect(path, prefix: prefix) { return redirect }
        guard let below = path.removing(prefix: prefix) else { throw DAVError(.notFound) }
        // Some clients ask for OPTIONS before they give a name; it tells nothing that is anybody's.
        if request.method == .options, principals.isMultiple, request.remoteUser == nil {
            return features.optionsResponse(for: nil)
        }
        let context = try context(for: request, prefix: prefix)
        calendars.resumeDeliveries(context)
        guard let handler = features.handler(for: request.method) else {
            let resource: Resource? =
                switch try context.target(at: below) {
                case .resource(let resource): resource
                case .vacant: nil
                }
            throw DAVError(.methodNotAllowed, fields: ["Allow": features.allow(on: resource)])
        }
        return try handler.handle(request, below, context)
    }

    private static func path(of request: Request) throws(DAVError) -> Path {
        // RFC 9112 §3.2: a request target has no fragment; what stands before one is not what the client means.
        let target = request.target.utf8.span
        guard !target.indices.contains(where: { target[$0] == UInt8(ascii: "#") }) else {
            throw DAVError(.badRequest, message: "The URL has a fragment.")
        }
        do {
            return try Path(parsing: request.target)
        } catch {
            throw DAVError(.badRequest, message: "The URL cannot be used: \(error).")
        }
    }

    private func context(for request: Request, prefix: Path) throws(DAVError) -> Context {
        let user = try user(of: request)
        return Context(
            store: store, features: features, principals: principals, user: user,
            author: Author(request, principal: user), prefix: prefix, limits: configuration.limits,
            now: SystemTime.now() / 1000, fields: request.fields,
            hidesPrincipals: configuration.hidePrincipals,
            documents: documents,
            log: { [log] message in log.note(message, id: request.id) })
    }

    /// The principal who asks; made when this is the first time.
    private func user(of request: Request) throws(DAVError) -> StorePath? {
        guard principals.isMultiple else { return principals.principal(of: nil) }
        guard let name = request.remoteUser else {
            // RFC 9110 §15.5.2: a challenge must come along, though the web server is the one to ask.
            throw DAVError(
                .unauthorized, fields: ["WWW-Authenticate": "Basic realm=\"Artemisios\", charset=\"UTF-8\""])
        }
        guard let user = principals.principal(of: name) else {
            throw DAVError(.forbidden, message: "This user name cannot have a principal.")
        }
        guard !knownUsers.contains(user) else { return user }
        try storing { () throws(StoreError) in
            if try store.kind(at: user) == nil {
                try provisioning(for: request).provide(user, defaults: true)
            } else if calendars.scheduling != nil {
                try provisioning(for: request).provideScheduling(user)
            }
        }
        knownUsers.insert(user)
        return user
    }

    private func provisioning(for request: Request?) -> Provisioning {
        let author =
            request.map { Author($0, principal: nil) }
            ?? Author(name: "Artemisios", email: "artemisios@localhost")
        return Provisioning(store: store, author: author, schedules: calendars.scheduling != nil)
    }
}

extension Author {
    /// Who makes the changes of a request: the user, else the principal.
    init(_ request: Request, principal: StorePath?) {
        let name = request.remoteUser ?? principal?.name?.description ?? "artemisios"
        self.init(
            name: name, email: name.utf8.contains(UInt8(ascii: "@")) ? name : "\(name)@localhost",
            remoteUser: request.remoteUser, requester: request.fields["User-Agent"])
    }
}

extension Principals {
    /// Whether each user has a principal of their own.
    var isMultiple: Bool {
        switch self {
        case .single: false
        case .multiple: true
        }
    }
}
