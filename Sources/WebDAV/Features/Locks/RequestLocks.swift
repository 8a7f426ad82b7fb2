import HTTP
public import Store

/// Locks as one request meets them: what it may change in spite of them, and whether its `If` field holds.
///
/// From the first look until the request is answered they stay as they are for everybody. A request that changes nothing
/// and has no `If` field never looks.
public final class RequestLocks {
    private unowned let context: Context
    private var table: (any LockTable)?
    private var isExclusive = false
    private var seen: [WriteLock]?
    private var header: IfHeader?
    private var path = Path(segments: [], endsInSlash: true)

    init(_ context: Context) {
        self.context = context
    }

    // MARK: - The frame of a request

    /// Runs `body`, which answers the request, if the `If` field holds; lets go of the locks after it.
    func during(
        _ request: Request, at path: Path, _ body: () throws(DAVError) -> Response
    ) throws(DAVError) -> Response {
        defer { release() }
        do throws(DAVError) {
            if let text = request.fields["If"] {
                header = try IfHeader(field: text)
                self.path = path
                if !request.method.isSafe { _ = try held() }
                try checkIf()
            }
            return try body()
        } catch {
            guard let member = error.member else { throw error }
            return context.response(toFailureOf: member, error, method: request.method, at: path)
        }
    }

    private func release() {
        table?.release()
        table = nil
        isExclusive = false
        header = nil
    }

    // MARK: - Looking

    /// The locks in force, which stay as they are until the request is answered.
    func held(exclusively: Bool = false) throws(DAVError) -> [WriteLock] {
        if let table, isExclusive || !exclusively { return table.locks.filter(isInForce) }
        table?.release()
        let taken = try storing { () throws(StoreError) in
            try context.store.lockTable(exclusive: exclusively)
        }
        table = taken
        isExclusive = exclusively
        return taken.locks.filter(isInForce)
    }

    /// The locks in force that cover `path`, for telling of them.
    func covering(_ path: StorePath) throws(DAVError) -> [WriteLock] {
        if let table { return table.locks.filter { isInForce($0) && $0.covers(path) } }
        if seen == nil { seen = try storing { () throws(StoreError) in try context.store.locks() } }
        return (seen ?? []).filter { isInForce($0) && $0.covers(path) }
    }

    private func isInForce(_ lock: WriteLock) -> Bool { lock.expires > context.now }

    // MARK: - The If field

    /// Checks the `If` field (RFC 4918 §10.4).
    ///
    /// - Parameter current: the item at `location` as it is under its collection's lock; without it all is looked up.
    /// - Throws: 412 unless it holds.
    func checkIf(_ current: (location: StorePath, item: Item?)? = nil) throws(DAVError) {
        guard let header else { return }
        let holds = header.holds { resource, state in
            do throws(DAVError) {
                guard let path = resource.map({ path(of: $0) }) ?? path else { return false }
                return try self.state(state, isAt: context.target(at: path), current)
            } catch {
                // What cannot be looked at has no state.
                return false
            }
        }
        guard holds else { throw DAVError(.preconditionFailed) }
    }

    private func state(
        _ state: IfHeader.State, isAt target: Target, _ current: (location: StorePath, item: Item?)?
    ) throws(DAVError) -> Bool {
        let location = target.location
        switch state {
        case .token(let token): return try covering(location).contains { $0.token == token }
        case .etag(let sent):
            if let current, current.location == location {
                return current.item.map { ETag($0.version).matches(sent: sent) } ?? false
            }
            guard case .resource(let resource) = target else { return false }
            return try resource.etag?.matches(sent: sent) ?? false
        }
    }

    private func path(of href: String) -> Path? {
        do {
            return try Path(parsing: href).removing(prefix: context.prefix)
        } catch {
            return nil
        }
    }

    /// The tokens that the request shows (RFC 4918 §10.4.1).
    var submittedTokens: Set<String> { header?.tokens ?? [] }

    // MARK: - What may be changed

    /// Throws 423 unless the request may change the resource at `path` itself (RFC 4918 §7).
    public func requireChange(of path: StorePath) throws(DAVError) {
        try require { $0.covers(path) }
    }

    /// Throws 423 unless the request may add a resource at `path`, or take it away with all below it (RFC 4918 §7.4).
    public func requireMembership(of path: StorePath) throws(DAVError) {
        let parent = path.parent
        try require { lock in
            lock.covers(path) || lock.root.isWithin(path) || parent.map { lock.covers($0) } ?? false
        }
    }

    /// RFC 4918 §6.2, §7.5: whoever holds an exclusive lock shows its token; of shared locks on a resource one will do.
    private func require(_ concerns: (WriteLock) -> Bool) throws(DAVError) {
        let locks = try held()
        guard !locks.isEmpty else { return }
        let tokens = submittedTokens
        let concerned = locks.filter(concerns)
        func isShown(_ lock: WriteLock) -> Bool {
            tokens.contains(lock.token) && lock.holder == context.user
        }
        let missing = concerned.first { lock in
            !isShown(lock)
                && (lock.scope == .exclusive
                    || !concerned.contains { $0.root == lock.root && isShown($0) })
        }
        guard let missing else { return }
        let href = try context.href(ofResource: missing.root)
        throw DAVError(
            .locked, violated: .hrefs("lock-token-submitted", [href]),
            // RFC 4918 §9.6.1, §9.8.5, §9.9.4.
            member: isMember(missing.root) ? href : nil)
    }

    private func isMember(_ path: StorePath) -> Bool {
        subject.map { path != $0 && path.isWithin($0) } ?? false
    }

    /// The container that goes away with all in it, when the request is about one.
    var subject: StorePath?

    // MARK: - Changing

    /// Takes the locks of what is removed away: RFC 4918 §9.6, §9.9.1.
    func forget(within path: StorePath) throws(DAVError) {
        try change { $0.removeAll { $0.root.isWithin(path) } }
    }

    /// Gets ready for `forget`, before any other lock is taken.
    func prepareToForget() throws(DAVError) {
        if try !held().isEmpty { _ = try held(exclusively: true) }
    }

    /// Changes the locks in force; those that have ended go.
    func change(_ body: (inout [WriteLock]) -> Void) throws(DAVError) {
        guard let table else { return }
        let before = table.locks.filter(isInForce)
        var locks = before
        body(&locks)
        if locks != before {
            try storing { () throws(StoreError) in try table.replace(with: locks) }
        }
    }
}

extension IfHeader {
    fileprivate init(field text: String) throws(DAVError) {
        do {
            try self.init(text)
        } catch {
            throw DAVError(.badRequest, message: "The If field cannot be read: \(error).")
        }
    }
}
