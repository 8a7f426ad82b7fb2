import CCrypto
import CLibgit2
import Glibc

/// Writes Git objects as files of their own, several with as few flushes as they need.
///
/// The bytes are stored, not compressed: for the tree of a large collection compressing costs thirty times the
/// rest of a write, and repacking compresses better later. An object counts only once `flush` has returned.
struct LooseObjects {
    private let directory: Path
    private let fsync: Bool
    private let hasSharedJournal: Bool
    private var pending: [(id: ObjectID, stream: StoredStream, type: git_object_t)] = []
    /// Those of them that are blobs.
    private var blobs: Set<ObjectID> = []

    /// From so many blobs on they go into one pack: so many files of their own would each have to be flushed.
    private static let manyBlobs = 200
    /// No more files than that are open at once.
    private static let manyOpen = 16

    init(_ repository: Repository, fsync: Bool) {
        self.directory = repository.objectsDirectory
        self.fsync = fsync
        self.hasSharedJournal = repository.hasSharedJournal
    }

    /// Adds an object to those that the next `flush` writes.
    mutating func add(_ type: git_object_t, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        let head = Self.head(of: type, bytes.count)
        // libgit2 looks for forged collisions, which takes six times as long. A forger needs bytes of their own choice:
        // a large tree's are mostly the names of objects that libgit2 has given.
        let id =
            type == GIT_OBJECT_TREE && bytes.count > Self.smallBytes
            ? try Self.quickID(head, bytes) : try Self.id(of: type, bytes)
        pending.append((id, StoredStream(head: head, bytes: bytes), type))
        if type == GIT_OBJECT_BLOB { blobs.insert(id) }
        return id
    }

    /// Takes those objects that `isWanted` says out of what the next `flush` writes.
    mutating func take(
        where isWanted: ((id: ObjectID, bytes: [UInt8])) -> Bool
    ) -> [(id: ObjectID, type: git_object_t, bytes: [UInt8])] {
        var taken: [(id: ObjectID, type: git_object_t, bytes: [UInt8])] = []
        pending.removeAll { object in
            guard isWanted((object.id, object.stream.bytes)) else { return false }
            taken.append((object.id, object.type, object.stream.bytes))
            return true
        }
        for object in taken { blobs.remove(object.id) }
        return taken
    }

    /// Up to here it does not matter how long making an id takes.
    private static let smallBytes = 16 << 10

    /// The id that `bytes` have as an object, without a look for forged collisions: enough to find damage.
    static func quickID(of type: git_object_t, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        try quickID(head(of: type, bytes.count), bytes)
    }

    /// What Git puts before an object's bytes.
    private static func head(of type: git_object_t, _ byteCount: Int) -> [UInt8] {
        let name =
            switch type {
            case GIT_OBJECT_TREE: "tree"
            case GIT_OBJECT_COMMIT: "commit"
            case GIT_OBJECT_TAG: "tag"
            default: "blob"
            }
        return Array("\(name) \(byteCount)\0".utf8)
    }

    private static func quickID(_ head: [UInt8], _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        var id = [UInt8](repeating: 0, count: ObjectID.size)
        guard unsafe shim_sha1(head, head.count, bytes, bytes.count, &id) == 1 else {
            throw .malformed("SHA-1 is not to be had from libcrypto")
        }
        return ObjectID(id, at: 0)
    }

    /// The id that `bytes` have as an object.
    static func id(of type: git_object_t, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
        var oid = git_oid()
        try unsafe check(git_odb_hash(&oid, bytes, bytes.count, type), "git_odb_hash")
        return ObjectID(oid)
    }

    /// Writes what was added.
    ///
    /// All bytes have been handed to the disk before the first file gets its name. Where one journal holds the names of all
    /// files, they are durable with whatever is flushed next: the reference that makes the objects count. Elsewhere each
    /// file and folder is flushed before this returns.
    mutating func flush() throws(GitError) {
        if blobs.count >= Self.manyBlobs { try flushPack() }
        let isEachFlushed = fsync && !hasSharedJournal
        var renames: [(from: Path, to: Path)] = []
        var folders: Set<Path> = []
        var written: [OpenFile] = []
        do {
            // Also those that are there: who wrote them may have died, or not cared, before they were on the disk.
            for (id, stream, _) in pending {
                let folder = directory.appending(String(id.description.prefix(2)))
                // Git's own name for such files, so that `git prune` takes away what a killed process left.
                let temporary = folder.appending("tmp_obj_\(getpid())_\(renames.count)")
                renames.append((temporary, location(of: id)))
                folders.insert(folder)
                let file = try create(temporary, in: folder, with: stream)
                guard fsync else { continue }
                // All are on their way to the disk before the first is waited for.
                file.startWritingOut()
                written.append(OpenFile(file))
                if written.count == Self.manyOpen { try Self.settle(&written, isEachFlushed) }
            }
            try Self.settle(&written, isEachFlushed)
            for (temporary, final) in renames { try temporary.rename(to: final) }
            if isEachFlushed && !folders.isEmpty {
                for folder in folders { try folder.flushDirectory() }
                // Also for folders that are there: their maker may have died before they were on the disk.
                try directory.flushDirectory()
            }
        } catch {
            for (temporary, _) in renames { unlink(ignoringFailure: temporary) }
            throw error
        }
        self.pending = []
        self.blobs = []
    }

    /// Waits until the bytes of all files are on the disk, or handed to it, and closes them.
    private static func settle(_ files: inout [OpenFile], _ isEachFlushed: Bool) throws(GitError) {
        for open in files {
            if isEachFlushed { try open.file.flush() } else { try open.file.writeOut() }
        }
        files = []
    }

    /// A file that is still to be waited for.
    private final class OpenFile {
        let file: File

        init(_ file: consuming File) { self.file = file }
    }

    /// Writes the blobs as one pack, which is on the disk before it gets its name.
    ///
    /// Trees stay in files of their own: the newest one is what is read most.
    private mutating func flushPack() throws(GitError) {
        var writer = try PackWriter()
        for (id, stream, _) in pending where blobs.contains(id) && !writer.contains(id) {
            try writer.append(id, .blob, stream.bytes)
        }
        let (pack, index, id) = try writer.finish()
        let folder = directory.appending("pack")
        try folder.makeDirectoryIfMissing()
        let temporary = folder.appending("tmp_pack_\(getpid())_0")
        // Without its index a pack is not looked at.
        for (bytes, ending) in [(pack, "pack"), (index, "idx")] {
            try folder.appending("pack-\(id).\(ending)").replace(
                with: bytes, through: temporary, permissions: 0o444, fsync: fsync)
        }
        if fsync {
            try folder.flushDirectory()
            try directory.flushDirectory()
        }
        pending.removeAll { blobs.contains($0.id) }
    }

    /// Makes a file and, where it is missing, its folder: again when a `git gc` takes the folder, still empty, away.
    private func create(
        _ file: Path, in folder: Path, with stream: StoredStream
    ) throws(GitError) -> File {
        for _ in 0..<100 {
            do {
                return try stream.write(making: file, permissions: 0o444)
            } catch .system("open", ENOENT, _) {
                try folder.makeDirectoryIfMissing()
            } catch .system("open", EEXIST, _) {
                unlink(ignoringFailure: file)
            }
        }
        throw .system(call: "open", errno: ENOENT, path: file.description)
    }

    private func location(of id: ObjectID) -> Path {
        directory.appending(object: id)
    }
}
