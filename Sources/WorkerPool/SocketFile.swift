internal import Glibc

/// A Unix socket in the file system that this process has made.
struct SocketFile {
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// Makes a socket at `path`, in the place of one that nobody answers at.
    ///
    /// Nobody can connect before its group and mode are as asked for: who can is believed to be the web server.
    static func bind(_ path: String, mode: UInt32, group: String?) throws(PoolError) -> (Int32, SocketFile) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .pathTooLong(path) }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let owner = try group.map { (name) throws(PoolError) in try groupID(name) }
        try removeStale(path, address)

        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .last("socket", path) }
        let mask = umask(0o777)
        let bound = unsafe withAddress(address) { unsafe Glibc.bind(descriptor, $0, $1) }
        let code = errno
        umask(mask)
        guard bound == 0 else { throw .system(call: "bind", subject: path, code: code) }
        if let owner {
            guard unsafe chown(path, uid_t.max, owner) == 0 else { throw .last("chown", path) }
        }
        guard unsafe chmod(path, mode) == 0 else { throw .last("chmod", path) }
        guard let made = status(path) else { throw .last("lstat", path) }
        return (descriptor, SocketFile(path: path, device: made.st_dev, inode: made.st_ino))
    }

    /// Removes the socket, unless another one has taken its place.
    func remove() {
        guard let now = Self.status(path), now.st_dev == device, now.st_ino == inode else { return }
        // What stays behind is cleared away by the next start.
        unsafe unlink(path)
    }

    private static func removeStale(_ path: String, _ address: sockaddr_un) throws(PoolError) {
        guard let found = status(path) else { return }
        guard found.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw .last("socket", path) }
        defer { close(probe) }
        let answer = unsafe withAddress(address) { unsafe connect(probe, $0, $1) }
        guard answer != 0, errno == ECONNREFUSED else { throw .inUse(path) }
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .last("unlink", path) }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    private static func groupID(_ name: String) throws(PoolError) -> gid_t {
        guard let group = unsafe getgrnam(name) else { throw .unknownGroup(name) }
        return unsafe group.pointee.gr_gid
    }
}

/// Calls `body` with the address as the socket functions want it.
func withAddress<Result>(
    _ address: sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
    unsafe withUnsafePointer(to: address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
