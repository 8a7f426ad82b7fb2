import Glibc

/// What the system says about a file.
struct FileStatus: Equatable {
    /// The kinds of files that matter here.
    enum Kind { case regular, directory, link, other }

    let kind: Kind
    let device: UInt64
    let inode: UInt64
    let permissions: UInt32
    let size: Int64
    let user: UInt32
    let group: UInt32
    let modified: Timestamp
    let changed: Timestamp

    /// A time with nanoseconds.
    struct Timestamp: Comparable {
        let seconds: Int64
        let nanoseconds: Int64

        static func < (left: Timestamp, right: Timestamp) -> Bool {
            (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
        }
    }

    /// True when both name the same file, whatever was written to it.
    func isSameFile(as other: FileStatus) -> Bool {
        device == other.device && inode == other.inode
    }

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: self.kind = .regular
        case S_IFDIR: self.kind = .directory
        case S_IFLNK: self.kind = .link
        default: self.kind = .other
        }
        self.device = UInt64(status.st_dev)
        self.inode = UInt64(status.st_ino)
        self.permissions = UInt32(status.st_mode & 0o7777)
        self.size = Int64(status.st_size)
        self.user = status.st_uid
        self.group = status.st_gid
        self.modified = Timestamp(
            seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
        self.changed = Timestamp(
            seconds: Int64(status.st_ctim.tv_sec), nanoseconds: Int64(status.st_ctim.tv_nsec))
    }

    /// The file at `path`, nil when there is none.
    ///
    /// A symbolic link at the end of the path is followed only where `followingLinks` says so.
    init?(of path: Path, followingLinks: Bool = false) throws(GitError) {
        var status = stat()
        while unsafe (followingLinks ? stat(path.chars, &status) : lstat(path.chars, &status)) != 0 {
            // That there is no file is no rare failure, so it is not made an error first.
            switch errno {
            case EINTR: continue
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: return nil
            case let code: throw .system(call: "stat", errno: code, path: path.description)
            }
        }
        self.init(status)
    }

    /// The open file `descriptor`; `path` is for the message of a failure.
    init(of descriptor: CInt, path: Path) throws(GitError) {
        var status = stat()
        try system("fstat", path) { unsafe fstat(descriptor, &status) }
        self.init(status)
    }
}
