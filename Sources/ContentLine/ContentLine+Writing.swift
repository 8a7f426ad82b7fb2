extension ContentLine {
    /// Longest physical line in octets, without its line break (RFC 5545 §3.1, RFC 6350 §3.2).
    static let maxPhysicalLineOctets = 75

    /// The line as it is written: the bytes it was read from if it was not changed, else folded and with CRLF.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the line as it is written, after a CRLF when `bytes` stops in the middle of a line.
    ///
    /// A line break inside the value, which would end the line, is written as `\n`; other control characters
    /// are written as they are.
    public func append(to bytes: inout [UInt8]) {
        bytes.endLine()
        if let original {
            bytes.append(contentsOf: original)
            return
        }
        var line: [UInt8] = []
        line.reserveCapacity(name.utf8.count + value.utf8.count + 2)
        if let group {
            line.append(contentsOf: group.utf8)
            line.append(UInt8(ascii: "."))
        }
        line.append(contentsOf: name.utf8)
        for parameter in parameters {
            line.append(.semicolon)
            line.append(contentsOf: parameter.name.utf8)
            for (position, value) in parameter.values.enumerated() {
                line.append(position == 0 ? .equals : .comma)
                ParameterValue.append(value, to: &line)
            }
        }
        line.append(.colon)
        if value.utf8.contains(where: { $0 == .lineFeed || $0 == .carriageReturn }) {
            for byte in value.utf8 where byte != .carriageReturn {
                if byte == .lineFeed { line += [.backslash, UInt8(ascii: "n")] } else { line.append(byte) }
            }
        } else {
            line.append(contentsOf: value.utf8)
        }
        Self.fold(line, into: &bytes)
    }

    /// Appends `line` in physical lines that never split a UTF-8 sequence, each with its CRLF.
    static func fold(_ line: [UInt8], into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + line.count + 3 * (line.count / 74 + 1))
        var start = 0
        var room = maxPhysicalLineOctets
        while line.count - start > room {
            var end = start + room
            while end > start + 1, line[end].continuesUTF8 { end -= 1 }
            bytes.append(contentsOf: line[start..<end])
            bytes += [.carriageReturn, .lineFeed, .space]
            start = end
            room = maxPhysicalLineOctets - 1
        }
        bytes.append(contentsOf: line[start...])
        bytes += [.carriageReturn, .lineFeed]
    }
}

extension [UInt8] {
    /// Appends a CRLF unless the bytes are empty or end in a line break.
    fileprivate mutating func endLine() {
        guard let last, last != .lineFeed, last != .carriageReturn else { return }
        self += [.carriageReturn, .lineFeed]
    }
}
