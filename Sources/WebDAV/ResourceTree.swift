public import HTTP
public import Store
import XML

/// What a URL points at.
public enum Target {
    /// A resource.
    case resource(Resource)
    /// Nothing; here is where it would be.
    case vacant(VacantURL)

    /// Where it is, or would be, in the store.
    public var location: StorePath {
        switch self {
        case .resource(let resource): resource.location
        case .vacant(let vacancy): vacancy.location
        }
    }
}

/// A URL without a resource.
public struct VacantURL {
    /// The container it would be in, nil when that is missing too.
    public let parent: ContainerView?
    /// The path it would have.
    public let path: StorePath
    /// The name it would have.
    public let name: ItemName

    /// Where in the store it would be, which is elsewhere than at `path` within what somebody shares.
    public var location: StorePath { parent?.location.appending(name) ?? path }
}

extension Context {
    /// What the user can see at a URL's path (below the prefix).
    ///
    /// Where the user may do nothing it is the same whether there is anything, so that nobody can guess it; the same goes
    /// for the items of a container that the user may not read.
    ///
    /// - Throws: 404 when the path cannot name anything, 403 where the user may do nothing.
    public func target(at path: Path) throws(DAVError) -> Target {
        if let target = try historicTarget(at: path) { return target }
        let storePath = try storePath(path)
        // An item and a container never have the same name, so what is likelier is looked for first.
        if path.endsInSlash, let container = try visible(storePath) { return .resource(container.resource) }
        guard let name = storePath.name, let parentPath = storePath.parent else { throw DAVError(.notFound) }
        let parent = try visible(parentPath)
        if let parent, parent.privileges.contains(.read), let item = try parent.item(named: name) {
            return .resource(item)
        }
        if !path.endsInSlash, let container = try visible(storePath) { return .resource(container.resource) }
        let vacancy = VacantURL(parent: parent, path: storePath, name: name)
        guard !Access(context: self).privileges(at: vacancy.location, isVacant: true).isEmpty else {
            var asked = href(of: storePath)
            if !path.endsInSlash { asked.removeLast() }
            throw DAVError(.forbidden, violated: .needPrivileges(.dav("read"), on: asked))
        }
        return .vacant(vacancy)
    }

    /// The container at `path` when the user may do anything with it.
    private func visible(_ path: StorePath) throws(DAVError) -> ContainerView? {
        guard let container = try container(at: path), !container.privileges.isEmpty else { return nil }
        return container
    }

    /// The resource at a URL's path.
    ///
    /// - Parameters:
    ///   - path: the path below the prefix.
    ///   - privileges: what the user must be allowed to do with it.
    /// - Throws: 404 when the user can see nothing there, 403 when `privileges` lack on what can be seen.
    /// - Returns: the resource.
    public func resource(at path: Path, needs privileges: Privileges = .read) throws(DAVError) -> Resource {
        switch try target(at: path) {
        case .resource(let resource):
            try require(privileges, on: resource.container)
            return resource
        case .vacant(let vacancy):
            // Whether there is such an item is for those to know who may read.
            if let parent = vacancy.parent { try require(.read, on: parent) }
            throw DAVError(.notFound)
        }
    }

    /// The resource that an `href` in a request about `base` names; it may be relative to it (RFC 4918 §8.3).
    ///
    /// - Throws: 404 when there is none, 403 when the user may not read there.
    public func resource(href: String, on base: Resource) throws(DAVError) -> Resource {
        let text = href.trimmingWhitespace
        if let member = try member(text, of: base.container) { return member }
        let isRelative = !text.isEmpty && text.utf8.first != UInt8(ascii: "/") && !text.contains("://")
        return try resource(href: isRelative ? base.container.href + text : text)
    }

    /// The item of `container` that `href` names in just the form in which the server prints it, nil for any other href.
    private func member(_ href: String, of container: ContainerView) throws(DAVError) -> Resource? {
        guard container.storage == .collection, href.utf8.starts(with: container.href.utf8) else {
            return nil
        }
        let rest = href.utf8.dropFirst(container.href.utf8.count)
        let isPlain = rest.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
        }
        guard isPlain, let text = String(rest), let name = ItemName(text), !name.isReserved else {
            return nil
        }
        try require(.read, on: container)
        return try container.item(named: name)
    }

    /// The resource that an absolute `href` in a request names; its host is not compared.
    ///
    /// - Throws: 404 when there is none, 403 when the user may not read there.
    public func resource(href: String) throws(DAVError) -> Resource {
        let path: Path
        do {
            path = try Path(parsing: href.trimmingWhitespace)
        } catch {
            throw DAVError(.notFound)
        }
        guard let below = path.removing(prefix: prefix) else { throw DAVError(.notFound) }
        return try resource(at: below)
    }

    /// The path in the store that a URL's path stands for.
    ///
    /// - Throws: 404 for a name that cannot be, such as a reserved one.
    public func storePath(_ path: Path) throws(DAVError) -> StorePath {
        var names: [ItemName] = []
        names.reserveCapacity(path.segments.count)
        for segment in path.segments {
            guard let name = ItemName(segment), !name.isReserved else { throw DAVError(.notFound) }
            names.append(name)
        }
        return StorePath(names)
    }
}
