import HTTP
import Store
import XML

extension Condition {
    /// A condition of `DAV:` with the resources that it is about.
    static func hrefs(_ local: String, _ hrefs: [String]) -> Condition {
        Condition(
            XMLElement(.dav(local), children: hrefs.map { .element(XMLElement(.href, text: $0)) }))
    }
}

extension Context {
    /// The href of the resource at `path`: of a container, else of an item, which need not be there.
    func href(ofResource path: StorePath) throws(DAVError) -> String {
        if try container(at: path) != nil { return href(of: path) }
        return Path(
            segments: prefix.segments + path.names.map(\.description), endsInSlash: path.names.isEmpty
        ).description
    }

    /// The answer to a request that failed because of a member of its resource: a 207 that names the member
    /// (RFC 4918 §9.6.1, §9.8.5, §9.9.4, §9.10.9).
    func response(toFailureOf member: String, _ error: DAVError, method: Method, at path: Path) -> Response {
        let own = path.adding(prefix: prefix).description
        return multistatus { (multistatus) throws(StreamError) in
            try multistatus.write(href: member, error.status, violated: error.condition)
            // A lock is of all or nothing; elsewhere 424 for what is above the member is left out.
            if method == .lock { try multistatus.write(href: own, .failedDependency) }
        }
    }
}

extension WriteLock {
    /// The element `DAV:activelock` (RFC 4918 §14.1), as it is at `now`.
    func write(in writer: inout XMLWriter, at now: Int64, root href: String) {
        writer.start(.dav("activelock"))
        Self.writeEntry(scope, in: &writer)
        writer.element(.dav("depth"), text: isDeep ? "infinity" : "0")
        if !owner.isEmpty { writer.raw(plain: owner) }
        writer.element(.dav("timeout"), text: "Second-\(max(0, expires - now))")
        writer.start(.dav("locktoken"))
        writer.element(.href, text: token)
        writer.end()
        writer.start(.dav("lockroot"))
        writer.element(.href, text: href)
        writer.end()
        writer.end()
    }

    /// Scope and type of a lock (RFC 4918 §14.13, §14.15).
    static func writeEntry(_ scope: Scope, in writer: inout XMLWriter) {
        writer.start(.dav("lockscope"))
        writer.empty(.dav(scope.rawValue))
        writer.end()
        writer.start(.dav("locktype"))
        writer.empty(.dav("write"))
        writer.end()
    }
}
