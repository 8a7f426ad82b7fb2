import Glibc
public import Store

/// The locks of a store, in `<root>/.artemisios/locks`: one on each line.
///
/// ```
/// urn:uuid:5f1c… exclusive infinity 1767225600 /ana/files /ana %3CD:owner…
/// ```
///
/// The fields: token, scope, depth, end in seconds since 1970, root, holder and owner, the last three percent-encoded,
/// with `-` for what is not there. The file is replaced as a whole; who reads it needs no lock. `locks.gate` beside it is
/// held by those who write to the store, all at once, and by one who changes the locks, alone: so a lock once granted
/// is seen by every write that ends later.
final class LockFile: LockTable {
    private(set) var locks: [WriteLock]
    private let place: Path
    private let fsync: Bool
    private var gate: FileLock?

    private static let name = "locks"

    /// Takes the gate, and reads the locks.
    init(below root: Path, exclusive: Bool, options: GitStoreOptions) throws(GitError) {
        self.place = root.appending(".artemisios")
        self.fsync = options.fsync
        let path = place.appending(Self.name + ".gate")
        let timeout = options.lockTimeout
        do throws(GitError) {
            gate = try FileLock(path, timeout: timeout, shared: !exclusive)
        } catch .repositoryGone {
            try place.makeDirectoryIfMissing()
            gate = try FileLock(path, timeout: timeout, shared: !exclusive)
        }
        self.locks = try Self.read(below: root)
    }

    /// The locks as they are now.
    static func read(below root: Path) throws(GitError) -> [WriteLock] {
        let bytes = try root.appending(".artemisios").appending(name).read() ?? []
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { Self.lock($0) }
    }

    func replace(with locks: [WriteLock]) throws(StoreError) {
        let path = place.appending(Self.name)
        try translating { () throws(GitError) in
            if locks.isEmpty {
                try path.remove()
            } else {
                let bytes = Array(locks.map { Self.line($0) + "\n" }.joined().utf8)
                try path.replace(
                    with: bytes, through: path.suffixed(".new"), permissions: 0o600, fsync: fsync)
            }
            if fsync { try place.flushDirectory() }
        }
        self.locks = locks
    }

    func release() { gate = nil }

    private static func line(_ lock: WriteLock) -> String {
        [
            lock.token, lock.scope.rawValue, lock.isDeep ? "infinity" : "0", String(lock.expires),
            PercentText.encoded(lock.root.description),
            lock.holder.map { PercentText.encoded($0.description) } ?? "-",
            lock.owner.isEmpty ? "-" : PercentText.encoded(lock.owner),
        ].joined(separator: " ")
    }

    /// The lock on a line, nil for a line that this program did not write.
    private static func lock(_ line: ArraySlice<UInt8>) -> WriteLock? {
        let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 7, let scope = WriteLock.Scope(rawValue: fields[1]),
            let expires = Int64(fields[3]), let root = PercentText.path(fields[4])
        else { return nil }
        return WriteLock(
            token: fields[0], root: root, isDeep: fields[2] == "infinity", scope: scope,
            holder: fields[5] == "-" ? nil : PercentText.path(fields[5]),
            owner: fields[6] == "-" ? "" : PercentText.decoded(fields[6].utf8) ?? "", expires: expires)
    }
}

extension GitCollectionStore {
    /// The room on the disk for those who are not root.
    public func freeBytes() throws(StoreError) -> Int {
        try translating { () throws(GitError) in
            var status = statvfs()
            try system("statvfs", root) { unsafe statvfs(root.chars, &status) }
            return Int(status.f_bavail) * Int(status.f_frsize)
        }
    }

    /// The locks as they are now.
    public func locks() throws(StoreError) -> [WriteLock] {
        try translating { () throws(GitError) in try LockFile.read(below: root) }
    }

    /// Keeps the locks as they are, or for one caller alone.
    public func lockTable(exclusive: Bool) throws(StoreError) -> any LockTable {
        try translating { () throws(GitError) in
            try LockFile(below: root, exclusive: exclusive, options: options)
        }
    }
}
