import CLibgit2
import Glibc

/// Reading and writing large files past the system's cache.
///
/// The list of a hundred thousand names is written once and hardly ever read: going through the cache costs more than all
/// else that a write does.
enum DirectFile {
    /// From so many bytes on it is worth it.
    static let worthwhile = 1 << 20

    /// What bytes that are written have to be multiples of.
    private static let block = 4096
    private static let bufferBytes = 2 << 20

    /// Collects pieces and writes them when there are enough.
    @safe struct Writer: ~Copyable {
        private let file: File
        private let buffer: UnsafeMutableRawPointer
        private var filled = 0
        private var written = 0

        /// Makes the file; nil where the file system knows only its cache.
        init?(making path: Path, permissions: mode_t) throws(GitError) {
            let file: File
            do {
                file = try File(
                    path, O_WRONLY | O_CREAT | O_EXCL | shim_direct_flag(), permissions: permissions)
            } catch .system(_, EINVAL, _) {
                unlink(ignoringFailure: path)
                return nil
            }
            guard let buffer = unsafe shim_direct_buffer(DirectFile.bufferBytes) else {
                unlink(ignoringFailure: path)
                return nil
            }
            self.file = file
            unsafe self.buffer = buffer
        }

        deinit { unsafe free(buffer) }

        /// Adds `bytes[range]`.
        mutating func append(_ bytes: [UInt8], _ range: Range<Int>) throws(GitError) {
            precondition(
                range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range is of the bytes")
            var at = range.lowerBound
            while at < range.upperBound {
                let count = min(range.upperBound - at, DirectFile.bufferBytes - filled)
                unsafe bytes.withUnsafeBytes { source in
                    if let base = source.baseAddress {
                        unsafe (buffer + filled).copyMemory(from: base + at, byteCount: count)
                    }
                }
                filled += count
                at += count
                if filled == DirectFile.bufferBytes { try write(filled) }
            }
        }

        /// Writes what is left, and hands the file on; nothing can be added then.
        mutating func finish() throws(GitError) -> File {
            let rest = filled % DirectFile.block
            let padding = rest == 0 ? 0 : DirectFile.block - rest
            unsafe (buffer + filled).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
            if filled > 0 { try write(filled + padding) }
            if padding > 0 {
                let size = written - padding
                try system("ftruncate", file.path) { ftruncate(file.descriptor, off_t(size)) }
            }
            let descriptor = try system("dup", file.path) { fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0) }
            return File(descriptor: descriptor, path: file.path)
        }

        private mutating func write(_ count: Int) throws(GitError) {
            var done = 0
            while done < count {
                let step = try system("write", file.path) {
                    unsafe Glibc.write(file.descriptor, buffer + done, count - done)
                }
                // Nearly full: half a block cannot be continued past the cache.
                guard step > 0, step % DirectFile.block == 0 || done + step == count else {
                    throw .system(call: "write", errno: ENOSPC, path: file.path.description)
                }
                done += step
            }
            written += count
            filled = 0
        }
    }

    /// Fills `destination` from the start of an open file.
    ///
    /// - Returns: false when this is not to be had here; then nothing was read that counts.
    @unsafe static func read(_ descriptor: CInt, into destination: UnsafeMutableBufferPointer<UInt8>) -> Bool
    {
        let flags = fcntl(descriptor, F_GETFL)
        guard flags >= 0, fcntl(descriptor, F_SETFL, flags | shim_direct_flag()) == 0,
            let base = destination.baseAddress, let buffer = unsafe shim_direct_buffer(bufferBytes)
        else { return false }
        defer { unsafe free(buffer) }
        var done = 0
        while done < destination.count {
            let count = unsafe pread(descriptor, buffer, bufferBytes, off_t(done))
            if count < 0 && errno == EINTR { continue }
            // Only the last piece may be cut off, at the end of the file.
            guard count > 0, count == bufferBytes || done + count >= destination.count else { break }
            let wanted = min(count, destination.count - done)
            unsafe UnsafeMutableRawPointer(base + done).copyMemory(from: buffer, byteCount: wanted)
            done += wanted
        }
        _ = fcntl(descriptor, F_SETFL, flags)
        return done == destination.count
    }
}

extension File {
    /// All bytes of the file, nil when it is empty or changes while being read.
    func whole() throws(GitError) -> [UInt8]? {
        let size = Int(try FileStatus(of: descriptor, path: path).size)
        guard size > 0 else { return nil }
        let descriptor = descriptor
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            filled = 0
            if unsafe size >= DirectFile.worthwhile
                && DirectFile.read(descriptor, into: .init(rebasing: buffer[..<size]))
            {
                filled = size
                return
            }
            while filled < size {
                let count = unsafe Glibc.read(
                    descriptor, buffer.baseAddress.map { unsafe $0 + filled }, size - filled)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return }
                filled += count
            }
        }
        return bytes.count == size ? bytes : nil
    }
}
