import HTTP
import Store
import XML

extension Feature {
    /// Locks (RFC 4918 §6, §7): class 2, and with it all that class 3 asks for.
    public static var locks: Feature {
        Feature(
            tokens: ["2", "3"], methods: [.lock, .unlock], properties: [.supportedLock, .lockDiscovery])
    }
}

extension LiveProperty {
    /// `DAV:supportedlock` (RFC 4918 §15.10).
    static var supportedLock: LiveProperty {
        LiveProperty(.dav("supportedlock"), inAllprop: true) { (_, writer) throws(DAVError) in
            for scope in [WriteLock.Scope.exclusive, .shared] {
                writer.start(.dav("lockentry"))
                WriteLock.writeEntry(scope, in: &writer)
                writer.end()
            }
            return true
        }
    }

    /// `DAV:lockdiscovery` (RFC 4918 §15.8).
    static var lockDiscovery: LiveProperty {
        LiveProperty(.dav("lockdiscovery"), inAllprop: true) { (question, writer) throws(DAVError) in
            let context = question.context
            let resource = question.resource
            for lock in try context.locks.covering(resource.location) {
                let isOwn = lock.root == resource.location
                let href = isOwn ? resource.href : try context.href(ofResource: lock.root)
                lock.write(in: &writer, at: context.now, root: href)
            }
            return true
        }
    }
}
