internal import Glibc

/// The calls of the system that the queue is made of.
enum FileSystem {
    static func isFull(_ code: Int32) -> Bool { code == ENOSPC || code == EDQUOT }
    static func isReadOnly(_ code: Int32) -> Bool { code == EROFS || code == EACCES || code == EPERM }

    /// Makes a directory and those above it that are missing.
    static func makeDirectory(_ path: String) throws(QueueError) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex
        else { throw last("mkdir", path) }
        try makeDirectory(String(path[..<slash]))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw last("mkdir", path) }
    }

    /// Writes a new file whole, or none.
    static func write(_ bytes: [UInt8], to path: String, fsync isDurable: Bool) throws(QueueError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw last("open", path) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let error = last("write", path)
                _ = unsafe unlink(path)
                throw error
            }
            done += count
        }
        guard !isDurable || fsync(descriptor) == 0 else {
            let error = last("fsync", path)
            _ = unsafe unlink(path)
            throw error
        }
    }

    /// The bytes of a file, nil when there is none.
    static func read(_ path: String, limit: Int) throws(QueueError) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw last("open", path)
        }
        defer { close(descriptor) }
        var all: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while all.count <= limit {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw last("read", path) }
            if count == 0 { return all }
            all += chunk[..<count]
        }
        throw .malformed(path: path)
    }

    /// Gives a file another name; false when it is not there.
    static func rename(_ path: String, to new: String) throws(QueueError) -> Bool {
        if unsafe Glibc.rename(path, new) == 0 { return true }
        if errno == ENOENT { return false }
        throw last("rename", path)
    }

    /// Removes a file, if it is there.
    static func remove(_ path: String) throws(QueueError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw last("unlink", path) }
    }

    /// Makes the names in a directory durable.
    static func flushDirectory(_ path: String) throws(QueueError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw last("open", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw last("fsync", path) }
    }

    /// Names in a directory, in byte order; none when it is not there.
    static func names(in path: String) throws(QueueError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw last("opendir", path)
        }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name.utf8.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Seconds since a file was written; nil when it is not there.
    static func age(of path: String) -> Int? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return max(0, time(nil) - status.st_mtim.tv_sec)
    }

    /// Takes the lock that the file stands for until the process ends or the descriptor is closed.
    ///
    /// - Returns: the descriptor; nil when another process has the lock and `waiting` is false.
    static func lock(_ path: String, waiting: Bool) throws(QueueError) -> Int32? {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw last("open", path) }
        var code: Int32
        repeat {
            if flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) == 0 { return descriptor }
            code = errno
        } while code == EINTR
        close(descriptor)
        guard code == EWOULDBLOCK else { throw .system(call: "flock", path: path, code: code) }
        return nil
    }

    static func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }

    static func now() -> Int64 { Int64(time(nil)) }

    private static func last(_ call: String, _ path: String) -> QueueError {
        .system(call: call, path: path, code: errno)
    }
}
