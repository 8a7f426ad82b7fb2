import Glibc

/// The files of an index in their directory.
///
/// `records` is LMDB's data. `gate` is the kernel's lock around opening, removing and writing; a line in it says which
/// file is the data, and in which boot of which machine it was made. Any other is removed by whoever opens the index:
/// LMDB writes without flushing, so after a power cut the data is worth nothing. No more is a restored or copied
/// directory, which may have been copied while somebody wrote.
struct IndexFiles {
    let directory: String
    let records: String
    let gate: String

    init(directory: String) {
        self.directory = directory
        self.records = directory + "/records"
        self.gate = directory + "/gate"
    }

    /// Which file the data is, nil when there is none.
    func identity() -> FileIdentity? { FileIdentity(of: records) }

    /// The line in `gate` that says that this data may be opened.
    func stamp(_ identity: FileIdentity) throws(IndexError) -> [UInt8] {
        Array("1 \(identity.device) \(identity.inode) ".utf8) + (try Self.boot())
    }

    /// What the kernel calls the time since it was started.
    private static func boot() throws(IndexError) -> [UInt8] {
        let path = "/proc/sys/kernel/random/boot_id"
        let descriptor = try system("open", path) { unsafe open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(descriptor) }
        var text = [UInt8](repeating: 0, count: 64)
        let count = try system("read", path) { unsafe read(descriptor, &text, text.count) }
        return Array(text[..<count])
    }

    /// Looks whether the data begins as LMDB's does, which takes it for granted.
    func checkHead() throws(IndexError) {
        let descriptor = try system("open", records) {
            unsafe open(records, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        }
        defer { close(descriptor) }
        _ = try PageCheck(descriptor)
    }

    /// Removes the data; processes that have it open notice.
    func remove(_ gate: borrowing Gate) throws(IndexError) {
        guard unsafe unlink(records) != 0, errno != ENOENT else { return }
        throw .refused("unlink \(records): \(message(ofError: errno))")
    }
}

/// Which file a name leads to, without following links.
struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64

    init?(of path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init(_ status: stat) {
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
    }
}
