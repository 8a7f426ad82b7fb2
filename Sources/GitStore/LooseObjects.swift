import CLibgit2
import Glibc

/// Writes Git objects as files of their own, several with as few flushes as they need.
///
/// The bytes are stored, not compressed: for the tree of a large collection compressing costs thirty times the
/// rest of a write, and repacking compresses better later. An object counts only once `flush` has returned.
struct LooseObjects {
    private let directory: Path
    private let fsync: Bool
    private var pending: [(id: ObjectID, bytes: [UInt8])] = []

    init(directory: Path, fsync: Bool) {
        self.directory = directory
        self.fsync = fsync
    }

    /// Adds an object to those that the next `flush` writes.
    mutating func add(_ type: git_object_t, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        let id = try Self.id(of: type, bytes)
        let name: String
        switch type {
        case GIT_OBJECT_TREE: name = "tree"
        case GIT_OBJECT_COMMIT: name = "commit"
        default: name = "blob"
        }
        pending.append((id, Array("\(name) \(bytes.count)\0".utf8) + bytes))
        return id
    }

    /// The id that `bytes` have as an object.
    static func id(of type: git_object_t, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        var oid = git_oid()
        try unsafe check(git_odb_hash(&oid, bytes, bytes.count, type), "git_odb_hash")
        return ObjectID(oid)
    }

    /// Writes what was added.
    ///
    /// All files are on the disk before the first gets its name. Where one journal holds the changes of all files, one
    /// flush serves them all, and the names are on the disk with whatever is flushed next: the reference that makes
    /// the objects count. Elsewhere each file and folder is flushed before this returns.
    mutating func flush() throws(GitError) {
        let isShared = fsync && directory.hasSharedJournal
        var renames: [(from: Path, to: Path)] = []
        var folders: Set<Path> = []
        do {
            // Also those that are there: who wrote them may have died, or not cared, before they were on the disk.
            for (id, bytes) in pending {
                let folder = directory.appending(String(id.description.prefix(2)))
                // Git's own name for such files, so that `git prune` takes away what a killed process left.
                let temporary = folder.appending("tmp_obj_\(getpid())_\(renames.count)")
                renames.append((temporary, location(of: id)))
                folders.insert(folder)
                let file = try create(temporary, in: folder)
                try file.write(Self.stored(bytes))
                let isLast = renames.count == pending.count
                if isShared && !isLast { try file.writeOut() } else if fsync { try file.flush() }
            }
            for (temporary, final) in renames { try temporary.rename(to: final) }
            if fsync && !isShared && !folders.isEmpty {
                for folder in folders { try folder.flushDirectory() }
                // Also for folders that are there: their maker may have died before they were on the disk.
                try directory.flushDirectory()
            }
        } catch {
            for (temporary, _) in renames { unlink(ignoringFailure: temporary) }
            throw error
        }
        self.pending = []
    }

    /// Makes a file and, where it is missing, its folder: again when a `git gc` takes the folder, still empty, away.
    private func create(_ file: Path, in folder: Path) throws(GitError) -> File {
        unlink(ignoringFailure: file)
        for _ in 0..<100 {
            try folder.makeDirectoryIfMissing()
            do {
                return try File(file, O_WRONLY | O_CREAT | O_EXCL, permissions: 0o444)
            } catch .system(_, ENOENT, _) {}
        }
        throw .system(call: "open", errno: ENOENT, path: file.description)
    }

    private func location(of id: ObjectID) -> Path {
        let hex = id.description
        return directory.appending(String(hex.prefix(2))).appending(String(hex.dropFirst(2)))
    }

    /// `bytes` as a zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4).
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        let blockSize = 65535
        var stream: [UInt8] = [0x78, 0x01]
        stream.reserveCapacity(bytes.count + 5 * (bytes.count / blockSize + 1) + 6)
        var start = 0
        repeat {
            let end = min(start + blockSize, bytes.count)
            let count = UInt16(end - start)
            stream.append(end == bytes.count ? 1 : 0)
            stream += [UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)]
            stream += bytes[start..<end]
            start = end
        } while start < bytes.count
        let sum = adler32(bytes)
        for shift in [24, 16, 8, 0] { stream.append(UInt8(truncatingIfNeeded: sum >> UInt32(shift))) }
        return stream
    }

    /// The checksum of RFC 1950 §8.2, reduced once in 5552 bytes, before 32 bits can overflow.
    private static func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (first, second): (UInt32, UInt32) = (1, 0)
        var start = 0
        while start < bytes.count {
            let end = min(start + 5552, bytes.count)
            for byte in bytes[start..<end] {
                first &+= UInt32(byte)
                second &+= first
            }
            first %= 65521
            second %= 65521
            start = end
        }
        return second << 16 | first
    }
}
