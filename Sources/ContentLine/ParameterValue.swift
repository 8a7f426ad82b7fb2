/// Parameter values as they stand in a line (RFC 5545 §3.2, RFC 6868).
enum ParameterValue {
    /// Undoes `^n`, `^'` and `^^`; any other `^` stands for itself (RFC 6868 §3.2).
    static func decoded(_ value: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(value.utf8.count)
        var afterCaret = false
        for byte in value.utf8 {
            guard afterCaret else {
                if byte == .caret { afterCaret = true } else { result.append(byte) }
                continue
            }
            afterCaret = false
            switch byte {
            case UInt8(ascii: "n"): result.append(.lineFeed)
            case UInt8(ascii: "'"): result.append(.quote)
            case .caret: result.append(.caret)
            default:
                result.append(.caret)
                result.append(byte)
            }
        }
        if afterCaret { result.append(.caret) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Appends the value, quoted when it holds a colon, semicolon or comma, with the escapes of RFC 6868.
    ///
    /// Control characters, which no parameter can hold, become spaces.
    static func append(_ value: String, to bytes: inout [UInt8]) {
        let needsQuotes = value.utf8.contains { $0 == .colon || $0 == .semicolon || $0 == .comma }
        if needsQuotes { bytes.append(.quote) }
        var afterReturn = false
        for byte in value.utf8 {
            switch byte {
            case .caret: bytes += [.caret, .caret]
            case .quote: bytes += [.caret, UInt8(ascii: "'")]
            case .lineFeed where afterReturn: break
            case .lineFeed, .carriageReturn: bytes += [.caret, UInt8(ascii: "n")]
            case 0..<0x20 where byte != .tab, 0x7F: bytes.append(.space)
            default: bytes.append(byte)
            }
            afterReturn = byte == .carriageReturn
        }
        if needsQuotes { bytes.append(.quote) }
    }
}
