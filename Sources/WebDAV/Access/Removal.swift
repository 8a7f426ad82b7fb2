import HTTP
import Store

extension Context {
    /// Throws 403 unless the user may remove `resource` from what it is in (RFC 3744 appendix B, DELETE).
    func requireRemoval(of resource: Resource) throws(DAVError) {
        let container = resource.container
        guard resource.isCollection else { return try require(.unbind, on: container) }
        guard let parentPath = container.path.parent, let parent = try self.container(at: parentPath) else {
            throw DAVError(.forbidden, message: "The root cannot be removed.")
        }
        try require(.unbind, on: parent)
        // What somebody shares goes out of sight only.
        if !container.isShared { try require(.unbind, onAllIn: container) }
    }

    /// Throws 403 unless the user has `privileges` on `container` and on all containers in it, seen or not.
    func require(_ privileges: Privileges, onAllIn container: ContainerView) throws(DAVError) {
        try require(privileges, on: container)
        // Nothing in what is one's own can be somebody else's.
        if let user, container.location.isWithin(user) { return }
        for child in try container.children(allowing: []) {
            try require(privileges, onAllIn: child)
        }
    }

    /// Takes the access control lists out of what was copied to `location`: a copy is as if it were new
    /// (RFC 3744 §7.3).
    func removeAccess(within location: StorePath) throws(DAVError) {
        guard let container = try container(at: location) else { return }
        var changes: MetadataChanges = [:]
        for key in MetadataKey.access where container.metadata[key] != nil { changes[key] = .some(nil) }
        if !changes.isEmpty {
            try storing { () throws(StoreError) in
                try store.update(metadata: changes, of: location, by: author)
            }
        }
        let names = try storing { () throws(StoreError) in try store.children(of: location) }
        for name in names { try removeAccess(within: location.appending(name)) }
    }
}
