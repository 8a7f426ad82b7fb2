/// Why a request's body could not be read.
public enum BodyError: Error, Hashable, Sendable {
    /// It ended before its announced length, or the connection broke.
    case truncated
    /// It is larger than `limit` bytes.
    case tooLarge(limit: Int)
}

/// The body of a request, read once, piece by piece.
public final class RequestBody {
    /// The announced length in bytes, nil when the web server streams it without one.
    public let length: Int?
    private let next: () throws(BodyError) -> [UInt8]

    /// Makes a body.
    ///
    /// - Parameters:
    ///   - length: the announced length in bytes, nil when unknown.
    ///   - next: gives the next piece; an empty one is the end.
    public init(length: Int?, next: @escaping () throws(BodyError) -> [UInt8]) {
        self.length = length
        self.next = next
    }

    /// A body that is all there.
    public convenience init(_ bytes: [UInt8]) {
        var rest = bytes
        self.init(length: bytes.count) { () throws(BodyError) in
            defer { rest = [] }
            return rest
        }
    }

    /// Reads all of it.
    ///
    /// - Throws: `tooLarge` when it is over `limit` bytes, as soon as that is known; `truncated`.
    public func collect(limit: Int) throws(BodyError) -> [UInt8] {
        if let length, length > limit { throw .tooLarge(limit: limit) }
        var bytes: [UInt8] = []
        // No more than that for a mere announcement.
        if let length { bytes.reserveCapacity(min(length, 1 << 20)) }
        while true {
            let piece = try next()
            if piece.isEmpty { break }
            guard bytes.count + piece.count <= limit else { throw .tooLarge(limit: limit) }
            bytes.append(contentsOf: piece)
        }
        if let length, bytes.count != length { throw .truncated }
        return bytes
    }
}
