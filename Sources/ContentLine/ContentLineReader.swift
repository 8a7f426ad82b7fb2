/// Reads content lines from bytes, one logical line at a time (RFC 5545 §3.1, RFC 6350 §3.2).
///
/// Reading is more tolerant than the RFCs: lines may end in CRLF, LF or CR, a byte order mark may come first,
/// empty lines are skipped, a fold may split a UTF-8 sequence, names may contain `_`, `.` and `/`, and a
/// parameter may lack its value. Every byte belongs to some line's original, so lines print back unchanged.
///
/// - Complexity: One pass; a line that is not folded is copied once, into its strings.
public struct ContentLineReader {
    /// Which of the two formats the lines are in.
    public enum Syntax: Hashable, Sendable {
        /// iCalendar: a dot is part of the name.
        case iCalendar
        /// vCard: names may have a group, and quoted-printable values of vCard 2.1 go on over `=` at line ends.
        case vCard
    }

    /// The number, from 1, of the physical line where the line read last begins.
    public private(set) var lineNumber = 0

    private let bytes: [UInt8]
    private let syntax: Syntax
    private let limits: LineLimits
    private var position = 0
    /// The line at hand, if it was folded.
    private var unfolded: [UInt8] = []
    /// The number of the physical line at `position`.
    private var physicalLine = 1

    /// Makes a reader of `bytes`.
    public init(_ bytes: [UInt8], syntax: Syntax, limits: LineLimits = .default) {
        self.bytes = bytes
        self.syntax = syntax
        self.limits = limits
    }

    /// Reads the next line; nil after the last.
    ///
    /// - Throws: `ContentLineError` for a line that cannot be read; reading on after that is of no use.
    public mutating func next() throws(ContentLineError) -> ContentLine? {
        let start = position
        if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipEmptyLines()
        lineNumber = physicalLine
        guard position < bytes.count else { return nil }

        let first = try physicalLineContent()
        // RFC 5545 §3.1: a line that begins with a space or a tab goes on with what is before it.
        var line: ContentLine
        if continues {
            startUnfolding(first)
            try unfold()
            line = try parse(unfolded, 0..<unfolded.count)
            if syntax == .vCard, line.continuesQuotedPrintable { line = try joinQuotedPrintable() }
        } else {
            line = try parse(bytes, first)
            if syntax == .vCard, line.continuesQuotedPrintable {
                startUnfolding(first)
                line = try joinQuotedPrintable()
            }
        }
        skipEmptyLines()
        line.original = bytes[start..<position]
        return line
    }

    private func parse(_ source: [UInt8], _ range: Range<Int>) throws(ContentLineError) -> ContentLine {
        guard range.count <= limits.maxLineBytes else { throw error(.lineTooLong) }
        do {
            var scanner = LineScanner(
                source, range, hasGroups: syntax == .vCard, maxParameters: limits.maxParameters)
            return try scanner.line()
        } catch {
            throw self.error(error)
        }
    }

    private func error(_ reason: ContentLineError.Reason) -> ContentLineError {
        ContentLineError(line: lineNumber, reason: reason)
    }

    /// Whether the physical line at `position` continues the one before it.
    private var continues: Bool {
        position < bytes.count && (bytes[position] == .space || bytes[position] == .tab)
    }

    private mutating func startUnfolding(_ first: Range<Int>) {
        unfolded.removeAll(keepingCapacity: true)
        unfolded.append(contentsOf: bytes[first])
    }

    private mutating func unfold() throws(ContentLineError) {
        while continues {
            let content = try physicalLineContent()
            unfolded.append(contentsOf: bytes[(content.lowerBound + 1)..<content.upperBound])
            guard unfolded.count <= limits.maxLineBytes else { throw error(.lineTooLong) }
        }
    }

    /// Reads on over the lines of a quoted-printable value of vCard 2.1; they need not begin with a space.
    private mutating func joinQuotedPrintable() throws(ContentLineError) -> ContentLine {
        while unfolded.last == .equals, position < bytes.count {
            unfolded.removeLast()
            unfolded.append(contentsOf: bytes[try physicalLineContent()])
            guard unfolded.count <= limits.maxLineBytes else { throw error(.lineTooLong) }
        }
        return try parse(unfolded, 0..<unfolded.count)
    }

    /// The bytes of the physical line at `position` without its ending, which is consumed.
    private mutating func physicalLineContent() throws(ContentLineError) -> Range<Int> {
        let start = position
        var index = start
        let bytes = self.bytes
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= .carriageReturn {
                if byte == .lineFeed || byte == .carriageReturn { break }
                if byte == 0 { throw error(.nulByte) }
            }
            index += 1
        }
        position = index
        try consumeLineEnding()
        return start..<index
    }

    /// Steps over one line ending: LF, or any number of CR and an LF if it follows.
    private mutating func consumeLineEnding() throws(ContentLineError) {
        guard physicalLine <= limits.maxLines else { throw error(.tooManyLines) }
        physicalLine += 1
        while position < bytes.count, bytes[position] == .carriageReturn { position += 1 }
        if position < bytes.count, bytes[position] == .lineFeed { position += 1 }
    }

    /// Steps over lines that hold nothing but spaces and tabs.
    private mutating func skipEmptyLines() {
        while position < bytes.count {
            var index = position
            while index < bytes.count, bytes[index] == .space || bytes[index] == .tab { index += 1 }
            guard index == bytes.count || bytes[index] == .lineFeed || bytes[index] == .carriageReturn else {
                return
            }
            if index < bytes.count {
                if bytes[index] == .carriageReturn, index + 1 < bytes.count, bytes[index + 1] == .lineFeed {
                    index += 1
                }
                index += 1
                physicalLine += 1
            }
            position = index
        }
    }
}

extension ContentLine {
    /// Whether the value is quoted-printable and ends in a soft line break (vCard 2.1 §2.1.3).
    fileprivate var continuesQuotedPrintable: Bool {
        guard value.utf8.last == UInt8(ascii: "=") else { return false }
        return parameters.contains {
            $0.isNamed("QUOTED-PRINTABLE")
                || $0.isNamed("ENCODING") && $0.values.contains { $0.isName("QUOTED-PRINTABLE") }
        }
    }
}
