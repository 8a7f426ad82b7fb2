import Glibc

/// An object as a zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4).
struct StoredStream {
    /// What Git puts before an object's bytes: type, size, NUL.
    let head: [UInt8]
    /// The object's bytes.
    let bytes: [UInt8]

    private static let blockBytes = 65535

    /// Makes the file and writes the stream to it, handed to the disk or on the way there.
    func write(making path: Path, permissions: mode_t) throws(GitError) -> File {
        if bytes.count >= DirectFile.worthwhile,
            var writer = try DirectFile.Writer(making: path, permissions: permissions)
        {
            for part in parts() {
                try writer.append(part.before, 0..<part.before.count)
                try writer.append(bytes, part.range)
            }
            return try writer.finish()
        }
        let file = try File(path, O_WRONLY | O_CREAT | O_EXCL, permissions: permissions)
        try write(to: file)
        return file
    }

    /// Writes the stream, the object's bytes from where they are.
    func write(to file: borrowing File) throws(GitError) {
        let parts = parts()
        // The system takes 1024 pieces at once.
        var next = 0
        while next < parts.count {
            let end = min(next + 500, parts.count)
            try file.write(parts[next..<end], of: bytes)
            next = end
        }
    }

    /// The pieces of the stream: bytes of its own, and behind them some of the object's.
    private func parts() -> [(before: [UInt8], range: Range<Int>)] {
        var sum = Adler32()
        sum.add(head, 0..<head.count)
        sum.add(bytes, 0..<bytes.count)
        // The head goes with the first block.
        let first = min(Self.blockBytes - head.count, bytes.count)
        var before: [UInt8] = [0x78, 0x01]
        before += Self.blockHead(head.count + first, isLast: first == bytes.count)
        before += head
        var parts: [(before: [UInt8], range: Range<Int>)] = [(before, 0..<first)]
        var start = first
        while start < bytes.count {
            let end = min(start + Self.blockBytes, bytes.count)
            parts.append((Self.blockHead(end - start, isLast: end == bytes.count), start..<end))
            start = end
        }
        parts.append((BigEndian.bytes(sum.value), bytes.count..<bytes.count))
        return parts
    }

    private static func blockHead(_ count: Int, isLast: Bool) -> [UInt8] {
        let count = UInt16(count)
        return [
            isLast ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8),
        ]
    }
}

extension File {
    /// Writes parts, each some bytes and behind them a range of `bytes`.
    fileprivate func write(
        _ parts: ArraySlice<(before: [UInt8], range: Range<Int>)>, of bytes: [UInt8]
    ) throws(GitError) {
        let heads = parts.flatMap(\.before)
        let total = heads.count + parts.reduce(0) { $0 + $1.range.count }
        let written = try system("writev", path) {
            unsafe heads.withUnsafeBytes { heads in
                unsafe bytes.withUnsafeBytes { bytes in
                    var vectors: [iovec] = unsafe []
                    var at = 0
                    for part in parts {
                        unsafe vectors.append(
                            iovec(
                                iov_base: UnsafeMutableRawPointer(
                                    mutating: heads.baseAddress.map { unsafe $0 + at }),
                                iov_len: part.before.count))
                        at += part.before.count
                        if part.range.isEmpty { continue }
                        unsafe vectors.append(
                            iovec(
                                iov_base: UnsafeMutableRawPointer(
                                    mutating: bytes.baseAddress.map { unsafe $0 + part.range.lowerBound }),
                                iov_len: part.range.count))
                    }
                    return unsafe writev(descriptor, vectors, CInt(vectors.count))
                }
            }
        }
        guard written < total else { return }
        // Nearly full: what is left goes piece by piece, until it is all there or the system says why not.
        var rest: [UInt8] = []
        rest.reserveCapacity(total)
        for part in parts { rest += part.before + bytes[part.range] }
        try write(Array(rest[written...]))
    }
}
