import CLibgit2
import Glibc

/// An open file; closed when it goes away.
struct File: ~Copyable {
    let descriptor: CInt
    let path: Path

    init(_ path: Path, _ flags: CInt, permissions: mode_t = 0o666) throws(GitError) {
        self.path = path
        self.descriptor = try system("open", path) { unsafe open(path.chars, flags | O_CLOEXEC, permissions) }
    }

    /// Opens the file for reading, nil when there is none.
    init?(ifThere path: Path) throws(GitError) {
        while true {
            let descriptor = unsafe open(path.chars, O_RDONLY | O_CLOEXEC)
            if descriptor >= 0 {
                self.init(descriptor: descriptor, path: path)
                return
            }
            // That there is no file is no rare failure, so it is not made an error first.
            switch errno {
            case EINTR: continue
            case ENOENT: return nil
            case let code: throw .system(call: "open", errno: code, path: path.description)
            }
        }
    }

    /// Takes over an open descriptor.
    init(descriptor: CInt, path: Path) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func write(_ bytes: [UInt8]) throws(GitError) {
        var done = 0
        while done < bytes.count {
            done += try system("write", path) {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.write(
                        descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
                }
            }
        }
    }

    /// Reads from where the file stands to its end, which is at `size` when that is `exact`.
    func readToEnd(expecting size: Int, exact: Bool = false) throws(GitError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let start = all.count
            let chunk = try piece(max(size + 1 - start, 512))
            if chunk.isEmpty { return all }
            if start == 0 { all = chunk } else { all += chunk }
            if exact, all.count == size { return all }
        }
    }

    /// Reads at most `limit` bytes, none at the end.
    private func piece(_ limit: Int) throws(GitError) -> [UInt8] {
        let descriptor = descriptor
        var failure: GitError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            do throws(GitError) {
                filled = try system("read", path) { unsafe read(descriptor, buffer.baseAddress, limit) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Has the system begin to write the bytes to the disk, where that is possible; whoever needs them there still waits.
    func startWritingOut() { _ = shim_start_write_out(descriptor) }

    /// Hands the bytes to the disk, which may still have them in its cache: a later flush there makes them safe.
    func writeOut() throws(GitError) {
        if shim_write_out(descriptor) != 0 { try flush() }
    }

    func flush() throws(GitError) {
        try system("fsync", path) { fsync(descriptor) }
    }
}

extension Path {
    /// The bytes of the file, nil when there is no regular file here; links are not followed.
    func read() throws(GitError) -> [UInt8]? {
        do {
            let file = try File(self, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try FileStatus(of: file.descriptor, path: self)
            guard status.kind == .regular else { return nil }
            // What is there beyond that came after the size was told.
            return try file.readToEnd(expecting: Int(status.size), exact: status.size > 0)
        } catch .system(_, ENOENT, _), .system(_, ENOTDIR, _), .system(_, ELOOP, _), .system(_, EISDIR, _) {
            return nil
        }
    }

    /// Makes the directory entries below this directory durable.
    func flushDirectory() throws(GitError) {
        let directory = try File(self, O_RDONLY | O_DIRECTORY)
        try directory.flush()
    }

    /// Writes the file anew: whoever looks sees the old bytes or the new ones.
    ///
    /// `temporary` is a path in the same directory for the time of writing.
    func replace(
        with bytes: [UInt8], through temporary: Path, permissions: mode_t = 0o666, fsync: Bool
    ) throws(GitError) {
        do {
            let file = try File(
                temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, permissions: permissions)
            try file.write(bytes)
            if fsync { try file.flush() }
            try temporary.rename(to: self)
        } catch {
            unlink(ignoringFailure: temporary)
            throw error
        }
    }

    /// Renames this file or directory, replacing a file of that name.
    func rename(to destination: Path) throws(GitError) {
        try system("rename", self) { unsafe Glibc.rename(chars, destination.chars) }
    }

    /// Renames this file or directory to a name that must be free.
    ///
    /// - Throws: `EEXIST` when it is not.
    func renameToNew(_ destination: Path) throws(GitError) {
        do {
            try system("rename", self) { unsafe shim_rename_new(chars, destination.chars) }
        } catch .system(_, EINVAL, _), .system(_, ENOSYS, _) {
            // Some network file systems cannot refuse to replace: look first there.
            if try FileStatus(of: destination) != nil {
                throw .system(call: "rename", errno: EEXIST, path: destination.description)
            }
            try rename(to: destination)
        }
    }

    func makeDirectory() throws(GitError) {
        try system("mkdir", self) { unsafe mkdir(chars, 0o777) }
    }

    /// Makes the directory unless it is there.
    func makeDirectoryIfMissing() throws(GitError) {
        do {
            try makeDirectory()
        } catch .system(_, EEXIST, _) {}
    }

    /// Removes a file; does nothing when it is not there.
    func remove() throws(GitError) {
        do {
            try system("unlink", self) { unsafe Glibc.unlink(chars) }
        } catch .system(_, ENOENT, _) {}
    }
}

/// Removes a file that only costs space when it stays; used while another failure is being reported.
func unlink(ignoringFailure path: Path) {
    _ = unsafe Glibc.unlink(path.chars)
}
