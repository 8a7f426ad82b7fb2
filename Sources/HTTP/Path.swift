/// The path of a request target: its segments, percent-decoded exactly once (RFC 3986 §3.3).
///
/// `/a%2Fb` and `/a/b` are different: the first has one segment with a slash in it. Empty segments are dropped, so
/// `//a` is `/a`.
public struct Path: Hashable, Sendable, CustomStringConvertible {
    /// The decoded segments.
    public let segments: [String]
    /// Whether the path ends in a slash, as that of a collection does (RFC 4918 §5.2).
    public let endsInSlash: Bool

    /// Makes a path of decoded segments.
    public init(segments: [String], endsInSlash: Bool) {
        self.segments = segments
        self.endsInSlash = endsInSlash || segments.isEmpty
    }

    /// Reads a path, or the path of an absolute URI, as it stands in a request line, an `href` or a header field.
    ///
    /// - Throws: `PathError` when it does not start with `/` (after scheme and authority), has a broken percent escape,
    ///   is not UTF-8, or has a NUL or a `.` or `..` segment, encoded or not.
    public init(parsing text: some StringProtocol) throws(PathError) {
        var bytes = Array(text.utf8)[...]
        if bytes.first != UInt8(ascii: "/") {
            bytes = try Self.afterAuthority(bytes)
            if bytes.dropFirst().first == UInt8(ascii: "/") { throw .notAbsolute }
        }
        if let end = bytes.firstIndex(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
            bytes = bytes[..<end]
        }
        guard bytes.count <= Self.maxBytes else { throw .tooLong }
        // Nearly all paths have nothing in them to decode, or to find wrong.
        let isPlain = bytes.allSatisfy { $0 > 0 && $0 < 0x80 && $0 != UInt8(ascii: "%") }
        var segments: [String] = []
        segments.reserveCapacity(4)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
            if start < end {
                let segment =
                    isPlain
                    ? String(decoding: bytes[start..<end], as: UTF8.self)
                    : try percentDecoded(bytes[start..<end])
                guard segment != ".", segment != ".." else { throw .dotSegment }
                segments.append(segment)
            }
            start = end + 1
        }
        self.init(segments: segments, endsInSlash: bytes.last == UInt8(ascii: "/"))
    }

    /// Longest path in bytes, encoded.
    public static let maxBytes = 8192

    /// The path percent-encoded, with a slash at the end where it has one.
    public var description: String {
        guard !segments.isEmpty else { return "/" }
        return segments.map { "/" + percentEncoded($0) }.joined() + (endsInSlash ? "/" : "")
    }

    /// The path without the segments of `prefix`, nil when it does not start with them.
    public func removing(prefix: Path) -> Path? {
        guard segments.count >= prefix.segments.count,
            zip(segments, prefix.segments).allSatisfy({ $0.utf8.elementsEqual($1.utf8) })
        else { return nil }
        return Path(segments: Array(segments.dropFirst(prefix.segments.count)), endsInSlash: endsInSlash)
    }

    /// The path with the segments of `prefix` before it.
    public func adding(prefix: Path) -> Path {
        Path(segments: prefix.segments + segments, endsInSlash: endsInSlash)
    }

    /// Compares the UTF-8 bytes of the segments.
    public static func == (left: Path, right: Path) -> Bool {
        left.endsInSlash == right.endsInSlash && left.segments.count == right.segments.count
            && zip(left.segments, right.segments).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Hashes the UTF-8 bytes of the segments.
    public func hash(into hasher: inout Hasher) {
        for segment in segments {
            for byte in segment.utf8 { hasher.combine(byte) }
            hasher.combine(UInt8(ascii: "/"))
        }
    }

    private static func afterAuthority(_ bytes: ArraySlice<UInt8>) throws(PathError) -> ArraySlice<UInt8> {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            bytes[..<colon].allSatisfy(isSchemeByte), colon != bytes.startIndex,
            bytes[(colon + 1)...].starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")])
        else { throw .notAbsolute }
        let authority = bytes[(colon + 3)...]
        guard let slash = authority.firstIndex(of: UInt8(ascii: "/")) else { return [UInt8(ascii: "/")] }
        return authority[slash...]
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        let lower = asciiLower(byte)
        return (lower >= 0x61 && lower <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2B
            || byte == 0x2D
            || byte == 0x2E
    }
}

/// Why a text is not a path.
public enum PathError: Error, Hashable, Sendable {
    /// It is neither a path that starts with `/` nor an absolute URI with an authority.
    case notAbsolute
    /// A `%` is not followed by two hex digits.
    case brokenEscape
    /// It decodes to what is not UTF-8, or to a NUL.
    case notText
    /// A segment is `.` or `..`.
    case dotSegment
    /// It is over `Path.maxBytes`.
    case tooLong
}
