import HTTP
import Store
import XML

extension MethodHandler {
    /// LOCK (RFC 4918 §9.10).
    static var lock: MethodHandler {
        MethodHandler(
            .lock, applies: { _ in true },
            handle: { (request, path, context) throws(DAVError) in
                let target = try context.target(at: path)
                guard let body = try request.xmlBody(context) else {
                    return try refresh(request, target, context)
                }
                return try LockRequest(request, body, target, context).run()
            })
    }
}

/// A lock that is asked for.
private struct LockRequest {
    let context: Context
    let target: Target
    let location: StorePath
    let scope: WriteLock.Scope
    let isDeep: Bool
    let owner: String
    let seconds: Int64

    /// Locks that one principal can have at once, and bytes of a `DAV:owner`.
    private static let maxLocks = 1000
    private static let maxOwnerBytes = 8 << 10

    init(_ request: Request, _ body: XMLElement, _ target: Target, _ context: Context) throws(DAVError) {
        self.context = context
        self.target = target
        self.location = target.location
        let scopes = body.first(.dav("lockscope"))?.elements ?? []
        guard body.name == .dav("lockinfo"), scopes.count == 1,
            scopes[0].name.namespace == .dav, let scope = WriteLock.Scope(rawValue: scopes[0].name.local),
            body.first(.dav("locktype"))?.first(.dav("write")) != nil
        else {
            throw DAVError(.badRequest, message: "The body must be a DAV:lockinfo for a write lock.")
        }
        self.scope = scope
        // RFC 4918 §9.10.3.
        let depth = try request.depth() ?? .infinity
        guard depth != .one else { throw DAVError(.badRequest, message: "Depth must be 0 or infinity.") }
        self.isDeep = depth == .infinity
        self.owner = try Self.owner(in: body)
        self.seconds = request.lockSeconds
    }

    private static func owner(in body: XMLElement) throws(DAVError) -> String {
        guard let owner = body.first(.dav("owner")) else { return "" }
        var writer = XMLWriter()
        writer.selfContained(owner, inScope: body.declarations)
        guard writer.bytes.count <= maxOwnerBytes else {
            throw DAVError(.contentTooLarge, message: "The owner is too long.")
        }
        return String(decoding: writer.take(), as: UTF8.self)
    }

    func run() throws(DAVError) -> Response {
        let isNew: Bool
        switch target {
        case .resource(let resource):
            try context.require(.writeContent, on: resource.container)
            try checkConflicts()
            isNew = false
        case .vacant(let vacancy):
            guard let parent = vacancy.parent else {
                throw DAVError(.conflict, message: "The parent collection does not exist.")
            }
            try context.require(.bind, on: parent)
            try checkConflicts()
            // RFC 4918 §7.3, §9.10.4: the name is taken by an empty resource.
            let write = ObjectWrite(
                container: parent, name: vacancy.name, bytes: [], mediaType: nil, context: context)
            isNew = try write.run { (current) throws(DAVError) in
                // What came since, or is hidden from the user, must not be emptied.
                guard current == nil else { throw DAVError(.conflict) }
            }.isNew
            context.forgetContainers()
        }
        let lock = WriteLock(
            token: "urn:uuid:\(randomUUID())", root: location, isDeep: isDeep, scope: scope,
            holder: context.user, owner: owner, expires: context.now + seconds)
        try context.locks.change { $0.append(lock) }
        return try context.lockDiscovery(
            of: location, isNew ? .created : .ok, fields: ["Lock-Token": "<\(lock.token)>"])
    }

    /// RFC 4918 §6.1, §9.10.5: an exclusive lock is alone in its whole scope.
    private func checkConflicts() throws(DAVError) {
        let locks = try context.locks.held(exclusively: true)
        guard locks.count(where: { $0.holder == context.user }) < Self.maxLocks else {
            throw DAVError(.insufficientStorage, message: "There are too many locks.")
        }
        let conflicting = locks.filter { lock in
            (scope == .exclusive || lock.scope == .exclusive)
                && (lock.covers(location) || (isDeep && lock.root.isWithin(location)))
        }
        guard let first = conflicting.first(where: { $0.covers(location) }) ?? conflicting.first else {
            return
        }
        let hrefs = try Set(conflicting.map(\.root)).sorted { $0.description < $1.description }
            .map { (root) throws(DAVError) in try context.href(ofResource: root) }
        throw DAVError(
            .locked, violated: .hrefs("no-conflicting-lock", hrefs),
            member: first.covers(location) ? nil : try context.href(ofResource: first.root))
    }
}

/// LOCK without a body makes a lock last longer (RFC 4918 §9.10.2).
private func refresh(_ request: Request, _ target: Target, _ context: Context) throws(DAVError) -> Response {
    let tokens = context.locks.submittedTokens
    guard !tokens.isEmpty else {
        throw DAVError(
            .badRequest, message: "A lock is asked for with a body, or refreshed with an If field.")
    }
    guard case .resource(let resource) = target else { throw DAVError(.notFound) }
    try context.require(.writeContent, on: resource.container)
    let location = target.location
    let refreshed = try context.locks.held(exclusively: true).filter {
        tokens.contains($0.token) && $0.covers(location) && $0.holder == context.user
    }
    guard !refreshed.isEmpty else {
        throw DAVError(.preconditionFailed, violated: .dav("lock-token-matches-request-uri"))
    }
    let expires = context.now + request.lockSeconds
    try context.locks.change { locks in
        for index in locks.indices where refreshed.contains(locks[index]) { locks[index].expires = expires }
    }
    return try context.lockDiscovery(of: location, .ok, fields: [:])
}

extension Context {
    /// The `DAV:lockdiscovery` of the resource at `location` as the body of an answer.
    fileprivate func lockDiscovery(
        of location: StorePath, _ status: Status, fields: Fields
    ) throws(DAVError) -> Response {
        var writer = XMLWriter(prefixes: features.prefixes)
        writer.start(.prop)
        writer.start(.dav("lockdiscovery"))
        for lock in try locks.covering(location) {
            lock.write(in: &writer, at: now, root: try href(ofResource: lock.root))
        }
        writer.end()
        writer.end()
        var fields = fields
        fields["Content-Type"] = "application/xml; charset=utf-8"
        return Response(status, fields: fields, body: .bytes(writer.take()))
    }
}

extension Request {
    /// How long a lock is to last: the first of the times that the client would have, within bounds (RFC 4918 §10.7).
    fileprivate var lockSeconds: Int64 {
        let (standard, longest): (Int64, Int64) = (3600, 7 * 86400)
        for choice in (fields["Timeout"] ?? "").split(separator: ",") {
            let text = String(choice).trimmingWhitespace.lowercased()
            if text == "infinite" { return longest }
            guard text.hasPrefix("second-") else { continue }
            let digits = text.utf8.dropFirst(7)
            guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { continue }
            return max(1, min(longest, String(digits).flatMap { Int64($0) } ?? longest))
        }
        return standard
    }
}
