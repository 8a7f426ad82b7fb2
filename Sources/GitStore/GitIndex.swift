import CLibgit2
import Glibc

/// An index file of Git's: which files the work tree has, and what they looked like when last read.
@safe final class GitIndex {
    /// One file of the index.
    struct Entry {
        let path: [UInt8]
        let mode: UInt32
        let id: ObjectID
        let modified: FileStatus.Timestamp
        let size: UInt32
        let inode: UInt32
        /// True when the file is to be left alone: `git update-index --assume-unchanged` or a sparse checkout.
        let isIgnored: Bool

        /// True when `status` shows the file as it was, by time, size and place.
        func matches(_ status: FileStatus) -> Bool {
            size == UInt32(truncatingIfNeeded: status.size)
                && inode == UInt32(truncatingIfNeeded: status.inode)
                && UInt32(truncatingIfNeeded: modified.seconds)
                    == UInt32(truncatingIfNeeded: status.modified.seconds)
                && modified.nanoseconds == status.modified.nanoseconds
        }
    }

    private let handle: OpaquePointer

    /// Opens the index at `path`, an empty one when there is no such file.
    init(_ path: Path) throws(GitError) {
        unsafe self.handle = try make("git_index_open") { unsafe git_index_open(&$0, path.chars) }
    }

    deinit { unsafe git_index_free(handle) }

    /// The entries, by path; and the paths that an unfinished merge left in conflict.
    func entries() -> (merged: [[UInt8]: Entry], inConflict: Set<[UInt8]>) {
        var merged: [[UInt8]: Entry] = [:]
        var inConflict: Set<[UInt8]> = []
        let count = unsafe git_index_entrycount(handle)
        merged.reserveCapacity(count)
        for position in 0..<count {
            guard let raw = unsafe git_index_get_byindex(handle, position)?.pointee,
                let text = unsafe raw.path
            else { continue }
            let path = unsafe [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
            let flags = unsafe raw.flags
            let extended = unsafe raw.flags_extended
            if (flags & 0x3000) != 0 {
                inConflict.insert(path)
                continue
            }
            // A file announced with `git add -N` is not yet part of what will be committed.
            if extended & UInt16(GIT_INDEX_ENTRY_INTENT_TO_ADD.rawValue) != 0 { continue }
            merged[path] = unsafe Entry(
                path: path, mode: raw.mode, id: ObjectID(raw.id),
                modified: FileStatus.Timestamp(
                    seconds: Int64(raw.mtime.seconds), nanoseconds: Int64(raw.mtime.nanoseconds)),
                size: raw.file_size, inode: raw.ino,
                isIgnored: flags & 0x8000 != 0
                    || extended & UInt16(GIT_INDEX_ENTRY_SKIP_WORKTREE.rawValue) != 0)
        }
        return (merged, inConflict)
    }

    /// True when every file of the index is in `folder` with the bytes that the index says.
    ///
    /// Files that look as they did when the index was written are not read. False also for an index that has more to
    /// say: an unfinished merge, or files announced or to be left alone.
    func agrees(with folder: Path, writtenAt time: FileStatus.Timestamp) throws(GitError) -> Bool {
        let directory = try File(folder, O_RDONLY | O_DIRECTORY)
        for position in 0..<(unsafe git_index_entrycount(handle)) {
            guard let entry = unsafe git_index_get_byindex(handle, position),
                let path = unsafe entry.pointee.path,
                unsafe entry.pointee.flags & 0xb000 == 0, unsafe entry.pointee.flags_extended == 0
            else { return false }
            if unsafe entry.pointee.mode & 0o170000 != 0o100000 { continue }
            var status = stat()
            guard unsafe fstatat(directory.descriptor, path, &status, AT_SYMLINK_NOFOLLOW) == 0,
                status.st_mode & S_IFMT == S_IFREG
            else { return false }
            let isOlder =
                unsafe entry.pointee.mtime.seconds == Int32(truncatingIfNeeded: status.st_mtim.tv_sec)
                && Int(entry.pointee.mtime.nanoseconds) == status.st_mtim.tv_nsec
                && entry.pointee.file_size == UInt32(truncatingIfNeeded: status.st_size)
                && entry.pointee.ino == UInt32(truncatingIfNeeded: status.st_ino)
                && (Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec)) < (
                    time.seconds, time.nanoseconds
                )
            if isOlder { continue }
            let name = unsafe [UInt8](UnsafeRawBufferPointer(start: path, count: strlen(path)))
            let id = unsafe ObjectID(entry.pointee.id)
            guard let bytes = try folder.appending(bytes: name).read(),
                try LooseObjects.id(of: GIT_OBJECT_BLOB, bytes) == id
            else { return false }
        }
        return true
    }

    /// Puts a file in, or in the place of the one of that path.
    func set(_ path: [UInt8], _ id: ObjectID, mode: UInt32, _ status: FileStatus) throws(GitError) {
        let terminated = Path(bytes: path).chars
        _ = unsafe git_index_conflict_remove(handle, terminated)
        let code = unsafe terminated.withUnsafeBufferPointer { text in
            var entry = unsafe git_index_entry()
            unsafe entry.path = text.baseAddress
            unsafe entry.id = id.oid
            unsafe entry.mode = mode
            unsafe entry.file_size = UInt32(truncatingIfNeeded: status.size)
            unsafe entry.ino = UInt32(truncatingIfNeeded: status.inode)
            unsafe entry.dev = UInt32(truncatingIfNeeded: status.device)
            unsafe entry.uid = status.user
            unsafe entry.gid = status.group
            unsafe entry.mtime = Self.time(status.modified)
            unsafe entry.ctime = Self.time(status.changed)
            return unsafe git_index_add(handle, &entry)
        }
        try check(code, "git_index_add")
    }

    /// Takes a file out; does nothing when it is not in.
    func remove(_ path: [UInt8]) throws(GitError) {
        let terminated = Path(bytes: path).chars
        _ = unsafe git_index_conflict_remove(handle, terminated)
        let code = unsafe git_index_remove(handle, terminated, 0)
        if code != GIT_ENOTFOUND.rawValue { try check(code, "git_index_remove") }
    }

    /// Writes the file it was opened from.
    func write() throws(GitError) {
        try unsafe check(git_index_write(handle), "git_index_write")
    }

    private static func time(_ time: FileStatus.Timestamp) -> git_index_time {
        git_index_time(
            seconds: Int32(truncatingIfNeeded: time.seconds),
            nanoseconds: UInt32(truncatingIfNeeded: time.nanoseconds))
    }
}
