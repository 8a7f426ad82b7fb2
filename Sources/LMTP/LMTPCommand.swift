/// A command line (RFC 2033 §4, RFC 5321 §4.1.1).
enum LMTPCommand: Hashable {
    case lhlo(domain: String)
    case mail(from: String, parameters: [Parameter])
    case recipient(to: String, parameters: [Parameter])
    case data
    case reset
    case noop
    case verify
    case quit
    /// A command of SMTP that LMTP does not have (RFC 2033 §4.1).
    case notHere
    case unknown
    /// A known command whose argument cannot be read.
    case malformed(String)

    /// A parameter of MAIL or RCPT: a keyword in upper case, and its value.
    struct Parameter: Hashable {
        let keyword: String
        let value: String?
    }

    /// Reads a line without its end.
    init(_ line: some Collection<UInt8>) {
        let line = Array(line)
        let word = line.prefix { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        let rest = Self.trimmed(line[word.count...])
        switch String(decoding: word, as: UTF8.self).uppercased() {
        case "LHLO": self = rest.isEmpty ? .malformed("LHLO needs a domain") : .lhlo(domain: Self.text(rest))
        case "MAIL":
            self =
                Self.path(rest, after: "FROM:").map { .mail(from: $0, parameters: $1) }
                ?? .malformed("MAIL needs FROM:<address>")
        case "RCPT":
            self =
                Self.path(rest, after: "TO:").map { .recipient(to: $0, parameters: $1) }
                ?? .malformed("RCPT needs TO:<address>")
        case "DATA": self = rest.isEmpty ? .data : .malformed("DATA takes no argument")
        case "RSET": self = rest.isEmpty ? .reset : .malformed("RSET takes no argument")
        case "NOOP": self = .noop
        case "VRFY": self = .verify
        case "QUIT": self = rest.isEmpty ? .quit : .malformed("QUIT takes no argument")
        case "HELO", "EHLO": self = .notHere
        default: self = .unknown
        }
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let front = bytes.drop(while: isBlank)
        return front.prefix((front.lastIndex { !isBlank($0) } ?? front.startIndex - 1) + 1 - front.startIndex)
    }

    /// Reads `FROM:<path>` or `TO:<path>` and what follows it.
    private static func path(
        _ bytes: ArraySlice<UInt8>, after keyword: String
    ) -> (String, [Parameter])? {
        let head = bytes.prefix(keyword.utf8.count)
        guard text(head).uppercased().utf8.elementsEqual(keyword.utf8) else { return nil }
        // RFC 5321 §3.3: no space belongs here, but some send one.
        var rest = trimmed(bytes[head.endIndex...])
        guard rest.popFirst() == UInt8(ascii: "<") else { return nil }
        var path: [UInt8] = []
        var isQuoted = false
        var isEscaped = false
        var isClosed = false
        while let byte = rest.popFirst() {
            if isEscaped {
                path.append(byte)
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), isQuoted {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ">"), !isQuoted {
                isClosed = true
                break
            } else {
                path.append(byte)
            }
        }
        guard isClosed, !path.contains(where: { $0 < 0x20 || $0 == 0x7f }),
            let address = String(validating: withoutRoute(path), as: UTF8.self)
        else { return nil }
        guard rest.isEmpty || rest.first == UInt8(ascii: " ") else { return nil }
        return (address, parameters(rest))
    }

    /// RFC 5321 §4.1.1.3: a source route `@a,@b:` is read and not heeded.
    private static func withoutRoute(_ path: [UInt8]) -> ArraySlice<UInt8> {
        guard path.first == UInt8(ascii: "@"), let colon = path.firstIndex(of: UInt8(ascii: ":")) else {
            return path[...]
        }
        return path[(colon + 1)...]
    }

    private static func parameters(_ bytes: ArraySlice<UInt8>) -> [Parameter] {
        bytes.split(separator: UInt8(ascii: " ")).map { part in
            let halves = part.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            return Parameter(
                keyword: text(halves[0]).uppercased(), value: halves.count > 1 ? text(halves[1]) : nil)
        }
    }
}
