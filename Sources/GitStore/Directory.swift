import CLibgit2
import Glibc

extension Path {
    /// The names in this directory without `.` and `..`, in no order.
    func directoryNames() throws(GitError) -> [[UInt8]] {
        guard let stream = unsafe opendir(chars) else {
            throw .system(call: "opendir", errno: errno, path: description)
        }
        defer { unsafe closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: UInt8.self, capacity: 256) { text in
                    unsafe [UInt8](UnsafeBufferPointer(start: text, count: strlen(text)))
                }
            }
            if name != [UInt8(ascii: ".")] && name != [UInt8(ascii: "."), UInt8(ascii: ".")] {
                names.append(name)
            }
        }
        return names
    }

    /// The path without symbolic links, nil when it leads nowhere.
    func resolved() -> Path? {
        guard let text = unsafe realpath(chars, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe Path(bytes: [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text))))
    }

    /// How this path, taken as it is, leads to a directory.
    enum Lookup {
        /// By names of directories only.
        case directory(FileStatus)
        /// There is no directory.
        case nothing
        /// By symbolic links, or the system cannot tell.
        case unclear
    }

    /// Looks for the directory here without following any link.
    func lookUpDirectory() throws(GitError) -> Lookup {
        let descriptor = unsafe shim_open_without_links(chars)
        guard descriptor >= 0 else {
            let code = errno
            return code == ENOENT || code == ENOTDIR ? .nothing : .unclear
        }
        defer { close(descriptor) }
        return .directory(try FileStatus(of: descriptor, path: self))
    }

    /// Removes the directory with all in it; links are removed, not followed.
    func removeTree() throws(GitError) {
        guard let status = try FileStatus(of: self) else { return }
        guard status.kind == .directory else { return try remove() }
        for name in try directoryNames() { try appending(bytes: name).removeTree() }
        try system("rmdir", self) { unsafe rmdir(chars) }
    }

    /// Makes this file or directory durable with all in it, but for its own name.
    func flushTree() throws(GitError) {
        switch try FileStatus(of: self)?.kind {
        case .directory:
            for name in try directoryNames() { try appending(bytes: name).flushTree() }
            try flushDirectory()
        case .regular:
            let file = try File(self, O_RDONLY | O_NOFOLLOW)
            try file.flush()
        case .link, .other, nil:
            break
        }
    }

    /// Copies this file, link or directory with all in it to `destination`, where nothing may be.
    ///
    /// `isWanted` is asked for each name in a directory, with the directory's path.
    func copyTree(
        to destination: Path, fsync: Bool, where isWanted: (Path, [UInt8], FileStatus) -> Bool
    ) throws(GitError) {
        guard let status = try FileStatus(of: self) else { return }
        switch status.kind {
        case .directory:
            try destination.makeDirectory()
            for name in try directoryNames() {
                let child = appending(bytes: name)
                guard let childStatus = try FileStatus(of: child), isWanted(self, name, childStatus) else {
                    continue
                }
                try child.copyTree(to: destination.appending(bytes: name), fsync: fsync, where: isWanted)
            }
            if fsync { try destination.flushDirectory() }
        case .regular:
            guard let bytes = try read() else { return }
            let file = try File(
                destination, O_WRONLY | O_CREAT | O_EXCL, permissions: mode_t(status.permissions & 0o777))
            try file.write(bytes)
            if fsync { try file.flush() }
        case .link:
            var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            try system("readlink", self) { unsafe readlink(chars, &target, Int(PATH_MAX)) }
            try system("symlink", destination) { unsafe symlink(target, destination.chars) }
        case .other:
            break
        }
    }
}
