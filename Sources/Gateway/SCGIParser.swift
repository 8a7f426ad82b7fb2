/// Why bytes are not the head of an SCGI request.
public enum SCGIError: Error, Hashable, Sendable {
    /// The length in front of the netstring is not a decimal number without leading zeros, followed by a colon.
    case badLength
    /// The head is longer than `SCGIParser.maxHeadBytes`.
    case tooLong
    /// The netstring does not end in a comma.
    case missingComma
    /// The head is not a sequence of names and values, each ended by a NUL.
    case badPairs
    /// A name is empty.
    case emptyName
    /// The first name is not `CONTENT_LENGTH`.
    case contentLengthNotFirst
    /// The value of `CONTENT_LENGTH` is not a decimal number.
    case badContentLength
    /// There is no `SCGI` with the value `1`.
    case notVersion1
}

/// Reads the head of an SCGI request as it arrives: a netstring of names and values.
///
/// ```
/// 70:CONTENT_LENGTH\0 27\0SCGI\0 1\0REQUEST_METHOD\0 POST\0REQUEST_URI\0 /deepthought\0,What is the answer to life?
/// ```
///
/// (without the spaces). A name may stand there twice, unlike in the specification: web servers send a header field that
/// the client has sent twice as it came. It keeps what it is given, at most `maxHeadBytes` and the few bytes around them.
public struct SCGIParser {
    /// Longest head in bytes.
    public static let maxHeadBytes = 65536

    private var buffer: [UInt8] = []
    private var headLength: Int?

    /// Makes a parser for one request.
    public init() {}

    /// Whether some of a request has arrived.
    public var hasBytes: Bool { !buffer.isEmpty || headLength != nil }

    /// What a head says.
    public struct Head: Sendable {
        /// The names and values in order, `CONTENT_LENGTH` the first.
        public let variables: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)]
        /// Length of the body, which follows.
        public let contentLength: Int
    }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: what has arrived.
    /// - Returns: how many of the bytes belong to the head, and the head when it is complete; the rest is the body.
    /// - Throws: `SCGIError`, as soon as the bytes cannot become a head.
    public mutating func feed(_ bytes: ArraySlice<UInt8>) throws(SCGIError) -> (used: Int, head: Head?) {
        var rest = bytes
        while headLength == nil, let byte = rest.popFirst() { try takeLength(byte) }
        guard let headLength else { return (bytes.count, nil) }
        // The head, and the comma after it.
        let piece = rest.prefix(headLength + 1 - buffer.count)
        buffer.append(contentsOf: piece)
        let used = piece.endIndex - bytes.startIndex
        guard buffer.count == headLength + 1 else { return (used, nil) }
        guard buffer.popLast() == UInt8(ascii: ",") else { throw .missingComma }
        return (used, try Self.head(buffer))
    }

    private mutating func takeLength(_ byte: UInt8) throws(SCGIError) {
        if byte == UInt8(ascii: ":") {
            guard let length = decimal(buffer), buffer.count == 1 || buffer[0] != UInt8(ascii: "0")
            else { throw .badLength }
            guard length <= Self.maxHeadBytes else { throw .tooLong }
            headLength = length
            buffer.removeAll(keepingCapacity: true)
            buffer.reserveCapacity(length + 1)
        } else {
            guard byte >= 0x30, byte <= 0x39 else { throw .badLength }
            guard buffer.count < 6 else { throw .tooLong }
            buffer.append(byte)
        }
    }

    private static func head(_ bytes: [UInt8]) throws(SCGIError) -> Head {
        var variables: [(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>)] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let nameEnd = rest.firstIndex(of: 0),
                let valueEnd = rest[(nameEnd + 1)...].firstIndex(of: 0)
            else { throw .badPairs }
            let name = rest[..<nameEnd]
            guard !name.isEmpty else { throw .emptyName }
            variables.append((name, rest[(nameEnd + 1)..<valueEnd]))
            rest = rest[(valueEnd + 1)...]
        }
        guard let first = variables.first, first.name.elementsEqual("CONTENT_LENGTH".utf8)
        else { throw .contentLengthNotFirst }
        guard let length = decimal(first.value) else { throw .badContentLength }
        guard
            variables.contains(where: {
                $0.name.elementsEqual("SCGI".utf8) && $0.value.elementsEqual("1".utf8)
            })
        else { throw .notVersion1 }
        return Head(variables: variables, contentLength: length)
    }
}
