import CZlib

/// A compressor of zlib streams (RFC 1950), used again and again.
@safe final class Deflater {
    private let stream: UnsafeMutablePointer<z_stream>

    /// Makes one that works at `level`: 1, the quickest, to 9.
    init(level: CInt) throws(GitError) {
        guard let made = unsafe shim_deflater(level) else {
            throw .malformed("there is no memory to compress objects")
        }
        unsafe self.stream = made
    }

    deinit { unsafe shim_deflater_free(stream) }

    /// Adds the compressed `bytes` to `output`.
    func append(_ bytes: [UInt8], to output: inout [UInt8]) throws(GitError) {
        let bound = unsafe shim_deflate_bound(stream, bytes.count)
        let compressed = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = unsafe shim_deflate(stream, bytes, bytes.count, buffer.baseAddress, bound)
        }
        guard !compressed.isEmpty else { throw .malformed("\(bytes.count) bytes cannot be compressed") }
        output += compressed
    }
}

/// Expands zlib streams.
enum Inflate {
    /// The bytes of the stream that starts at `offset` of `input`, and where it ends; nil when it is damaged or does not
    /// have `count` bytes.
    static func bytes(
        of input: [UInt8], at offset: Int, count: Int
    ) -> (bytes: [UInt8], end: Int)? {
        guard offset < input.count, count >= 0 else { return nil }
        var used = 0
        var isWhole = false
        // One byte more, so that also the end of the stream is read.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count + 1) { buffer, made in
            unsafe input.withUnsafeBufferPointer { input in
                guard let base = input.baseAddress else { return }
                let code = unsafe shim_inflate(
                    base + offset, input.count - offset, buffer.baseAddress, count + 1, &made, &used)
                isWhole = code == 1 && made == count
            }
        }
        return isWhole ? (bytes, offset + used) : nil
    }

    /// The first bytes of the stream that `input` starts with, at most `limit`; nil when it is damaged.
    static func prefix(of input: [UInt8], limit: Int) -> [UInt8]? {
        var code: CInt = -1
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, made in
            var used = 0
            code = unsafe shim_inflate(input, input.count, buffer.baseAddress, limit, &made, &used)
        }
        return code < 0 ? nil : bytes
    }
}
