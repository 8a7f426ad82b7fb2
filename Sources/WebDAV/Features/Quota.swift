import HTTP
public import Store
import XML

extension Feature {
    /// How much may be stored, and how much is (RFC 4331).
    public static var quota: Feature {
        Feature(properties: [.quotaAvailableBytes, .quotaUsedBytes])
    }
}

extension MetadataKey {
    /// Bytes that the items of a container, and of those in it, may have together; only the administrator sets it.
    public static let quotaBytes = MetadataKey("quota-bytes")
}

extension LiveProperty {
    /// `DAV:quota-available-bytes` (RFC 4331 §3): what is left of the narrowest quota, and on the disk.
    static var quotaAvailableBytes: LiveProperty {
        LiveProperty.text(.dav("quota-available-bytes")) { (resource, context) throws(DAVError) in
            guard resource.isCollection else { return nil }
            return String(max(0, try context.availableBytes(in: resource.container)))
        }
    }

    /// `DAV:quota-used-bytes` (RFC 4331 §4): the bytes of all items in the container and below it.
    static var quotaUsedBytes: LiveProperty {
        LiveProperty.text(.dav("quota-used-bytes")) { (resource, context) throws(DAVError) in
            guard resource.isCollection else { return nil }
            return String(try context.usedBytes(below: resource.container.location))
        }
    }
}

extension Context {
    /// The containers whose quota counts for what is in `container`: itself and its principal.
    private func quotas(for container: ContainerView) throws(DAVError) -> [(path: StorePath, bytes: Int)] {
        var quotas: [(path: StorePath, bytes: Int)] = []
        if let own = container.metadata[.quotaBytes].flatMap({ Int($0) }) {
            quotas.append((container.location, own))
        }
        guard let owner = principals.owner(of: container.location), container.location.isWithin(owner),
            let principal = try self.container(at: owner)
        else { return quotas }
        let set = owner == container.location ? nil : principal.metadata[.quotaBytes].flatMap { Int($0) }
        let hasOwn = owner == container.location && !quotas.isEmpty
        if let bytes = set ?? (hasOwn ? nil : limits.principalBytes) { quotas.append((owner, bytes)) }
        return quotas
    }

    /// Whether anything bounds what may be stored in `container`.
    func hasQuota(_ container: ContainerView) throws(DAVError) -> Bool {
        try !quotas(for: container).isEmpty
    }

    /// Keeps locks from being granted, and where a quota counts what is in several collections also others from writing,
    /// until the request is answered.
    ///
    /// Called before any collection's lock is taken.
    func holdForWriting(to container: ContainerView) throws(DAVError) {
        let isShared = try quotas(for: container).contains { $0.path != container.location }
        _ = try locks.held(exclusively: isShared)
    }

    /// The bytes of all items in the container at `path` and in those below it.
    ///
    /// - Complexity: O(n) in the items of a collection that this process has not yet seen, else in its changes.
    func usedBytes(below path: StorePath) throws(DAVError) -> Int {
        guard let container = try container(at: path) else { return 0 }
        var bytes = 0
        if container.storage == .collection {
            let collection = try container.collection()
            // As it is now: others may have written since the request first looked.
            bytes += try storing { () throws(StoreError) in try collection.snapshot().usedBytes() }
        }
        for name in try storing({ () throws(StoreError) in try store.children(of: path) }) {
            bytes += try usedBytes(below: path.appending(name))
        }
        return bytes
    }

    /// The bytes that can still be added in `container`; less than nothing when a quota is exceeded already.
    func availableBytes(in container: ContainerView) throws(DAVError) -> Int {
        var available = try storing { () throws(StoreError) in try store.freeBytes() }
        for quota in try quotas(for: container) {
            available = min(available, quota.bytes - (try usedBytes(below: quota.path)))
        }
        return available
    }

    /// Checks that `count` more bytes may be stored in `container` (RFC 4331 §6).
    ///
    /// Whoever is going to write took the locks by `holdForWriting` before.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - container: where they come.
    ///   - source: where as many go away; a quota that counts there too is not touched.
    /// - Throws: 507 `DAV:quota-not-exceeded`.
    func requireSpace(
        for count: Int, in container: ContainerView, movedFrom source: ContainerView? = nil
    ) throws(DAVError) {
        guard count > 0 else { return }
        for quota in try quotas(for: container) {
            if let source, source.location.isWithin(quota.path) { continue }
            guard try usedBytes(below: quota.path) + count <= quota.bytes else {
                throw DAVError(.insufficientStorage, violated: .dav("quota-not-exceeded"))
            }
        }
    }
}
