/// Takes one unfolded line apart (RFC 5545 §3.1 `contentline`, RFC 6350 §3.3).
struct LineScanner {
    private let bytes: [UInt8]
    private let end: Int
    private let hasGroups: Bool
    private var index: Int
    private var parametersLeft: Int

    init(_ bytes: [UInt8], _ range: Range<Int>, hasGroups: Bool, maxParameters: Int) {
        self.bytes = bytes
        self.index = range.lowerBound
        self.end = range.upperBound
        self.hasGroups = hasGroups
        self.parametersLeft = maxParameters
    }

    mutating func line() throws(ContentLineError.Reason) -> ContentLine {
        let (group, name) = try names()
        var parameters: [Parameter] = []
        while index < end, bytes[index] == .semicolon {
            index += 1
            if let parameter = try parameter() { parameters.append(parameter) }
        }
        guard index < end, bytes[index] == .colon else { throw .malformedName }
        return ContentLine(
            group: group, name: name, parameters: parameters, value: try text(index + 1, end))
    }

    /// Reads `[group "."] name` up to the `;` or `:` after it.
    private mutating func names() throws(ContentLineError.Reason) -> (String?, String) {
        let start = index
        var dot: Int?
        while index < end {
            let byte = bytes[index]
            if byte == .colon || byte == .semicolon { break }
            guard byte.isNameOctet else { throw .malformedName }
            if byte == UInt8(ascii: "."), hasGroups, dot == nil { dot = index }
            index += 1
        }
        guard let dot, dot > start else {
            guard index > start, index < end else { throw .malformedName }
            return (nil, try text(start, index))
        }
        guard index > dot + 1, index < end else { throw .malformedName }
        return (try text(start, dot), try text(dot + 1, index))
    }

    /// Reads a parameter up to the `;` or `:` after it; nil when there is nothing between them.
    private mutating func parameter() throws(ContentLineError.Reason) -> Parameter? {
        let start = index
        while index < end {
            let byte = bytes[index]
            if byte == .equals || byte == .colon || byte == .semicolon { break }
            guard byte.isNameOctet else { throw .malformedParameter }
            index += 1
        }
        guard index < end else { throw .malformedParameter }
        try countParameter()
        let name = try text(start, index)
        guard bytes[index] == .equals else {
            return name.isEmpty ? nil : Parameter(name: name, values: [])
        }
        guard !name.isEmpty else { throw .malformedParameter }
        var values: [String] = []
        repeat {
            index += 1
            try countParameter()
            values.append(try parameterValue())
        } while index < end && bytes[index] == .comma
        return Parameter(name: name, values: values)
    }

    /// Reads one value up to the `,`, `;` or `:` after it.
    private mutating func parameterValue() throws(ContentLineError.Reason) -> String {
        var start = index
        var quoted = ""
        var hasCaret = false
        if index < end, bytes[index] == .quote {
            index += 1
            start = index
            while index < end, bytes[index] != .quote {
                if bytes[index] == .caret { hasCaret = true }
                index += 1
            }
            guard index < end else { throw .malformedParameter }
            quoted = try text(start, index)
            index += 1
            start = index
        }
        while index < end, bytes[index] != .comma, bytes[index] != .semicolon, bytes[index] != .colon {
            if bytes[index] == .caret { hasCaret = true }
            index += 1
        }
        guard index < end else { throw .malformedParameter }
        let value = start < index ? quoted + (try text(start, index)) : quoted
        return hasCaret ? ParameterValue.decoded(value) : value
    }

    private mutating func countParameter() throws(ContentLineError.Reason) {
        parametersLeft -= 1
        guard parametersLeft >= 0 else { throw .tooManyParameters }
    }

    private func text(_ start: Int, _ end: Int) throws(ContentLineError.Reason) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(start..<end)))
        } catch {
            throw .notUTF8
        }
    }
}

extension ContentLineError.Reason: Error {}

extension UInt8 {
    /// Whether names may hold the byte: what the RFCs allow, and `_`, `.`, `/` as seen in the field.
    fileprivate var isNameOctet: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"): true
        default: false
        }
    }
}
