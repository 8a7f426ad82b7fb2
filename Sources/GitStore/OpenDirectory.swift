import CLibgit2
import Glibc

/// An open directory: what is done through it stays in it, wherever it is moved to meanwhile.
struct OpenDirectory: ~Copyable {
    let descriptor: CInt
    /// Where it was when opened; for messages.
    let path: Path

    init(_ path: Path) throws(GitError) {
        self.path = path
        self.descriptor = try system("open", path) {
            unsafe open(path.chars, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
    }

    deinit { close(descriptor) }

    /// The names in the directory called `name` here, without `.` and `..`; none when there is no such directory.
    func names(in name: String = ".") throws(GitError) -> [String] {
        let opened: CInt
        do {
            opened = try system("open", path.appending(name)) {
                unsafe openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        } catch .system(_, ENOENT, _), .system(_, ENOTDIR, _) {
            return []
        }
        guard let stream = unsafe fdopendir(opened) else {
            close(opened)
            throw .system(call: "fdopendir", errno: errno, path: path.appending(name).description)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let found = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if found != "." && found != ".." { names.append(found) }
        }
        return names
    }

    /// What is called `name` here, links not followed; nil when there is nothing.
    func status(of name: String) throws(GitError) -> FileStatus? {
        var status = stat()
        do {
            try system("stat", path.appending(name)) {
                unsafe fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        } catch .system(_, ENOENT, _), .system(_, ENOTDIR, _) {
            return nil
        }
        return FileStatus(status)
    }

    /// What this directory itself is.
    func status() throws(GitError) -> FileStatus {
        try FileStatus(of: descriptor, path: path)
    }

    /// The bytes of the file called `name` here, nil when there is none.
    func read(_ name: String) throws(GitError) -> [UInt8]? {
        do {
            let file = try File(
                path.appending(name), O_RDONLY, openedBy: { unsafe openat(descriptor, name, $0) })
            let status = try FileStatus(of: file.descriptor, path: file.path)
            guard status.kind == .regular else { return nil }
            if let bytes = try file.whole() { return bytes }
            return try file.readToEnd(expecting: Int(status.size))
        } catch .system(_, ENOENT, _) {
            return nil
        }
    }

    /// Makes or replaces the file called `name` here, with its bytes on the disk when this returns.
    func write(_ bytes: [UInt8], to name: String) throws(GitError) {
        try remove(name)
        let file = try File(
            path.appending(name), O_WRONLY | O_CREAT | O_EXCL,
            openedBy: { unsafe openat(descriptor, name, $0, mode_t(0o444)) })
        do {
            try file.write(bytes)
            try file.flush()
        } catch {
            unlink(ignoringFailure: file.path)
            throw error
        }
    }

    /// Renames a file here, replacing one of the new name.
    func rename(_ name: String, to new: String) throws(GitError) {
        try system("rename", path.appending(name)) {
            unsafe renameat(descriptor, name, descriptor, new)
        }
    }

    /// Removes the file called `name` here; does nothing when there is none.
    func remove(_ name: String) throws(GitError) {
        do {
            try system("unlink", path.appending(name)) { unsafe unlinkat(descriptor, name, 0) }
        } catch .system(_, ENOENT, _) {}
    }

    /// Makes the entries of the directory called `name` here durable.
    func flush(_ name: String) throws(GitError) {
        let directory = try File(
            path.appending(name), O_RDONLY | O_DIRECTORY, openedBy: { unsafe openat(descriptor, name, $0) })
        try directory.flush()
    }
}

extension File {
    /// Opens by a call of its own, which is given the flags.
    fileprivate init(_ path: Path, _ flags: CInt, openedBy call: (CInt) -> CInt) throws(GitError) {
        try self.init(descriptor: system("open", path) { call(flags | O_CLOEXEC) }, path: path)
    }
}
