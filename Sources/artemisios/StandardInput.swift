import Glibc

/// What another program hands over.
enum StandardInput {
    /// Reads it to its end; nil when it is longer than `limit` bytes, or cannot be read.
    static func bytes(atMost limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe read(0, &piece, piece.count)
            if count == 0 { return bytes }
            if count < 0 && errno == EINTR { continue }
            guard count > 0, bytes.count + count <= limit else { return nil }
            bytes += piece[..<count]
        }
    }
}
