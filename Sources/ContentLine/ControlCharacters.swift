/// Characters that no calendar, card or XML document may hold.
public enum ControlCharacters {
    /// The number, from 1, of the first physical line with a control character other than a tab and line breaks.
    ///
    /// RFC 5545 §3.1 `CONTROL` and RFC 6350 §3.3 `VALUE-CHAR` leave them out, and a report could not carry them
    /// (XML 1.0 §2.2).
    public static func firstLine(in bytes: [UInt8]) -> Int? {
        let isControl: (UInt8) -> Bool = { byte in
            byte < 0x20 && byte != .tab && byte != .lineFeed && byte != .carriageReturn || byte == 0x7F
        }
        guard let index = bytes.firstIndex(where: isControl) else { return nil }
        return lineNumber(at: index, in: bytes)
    }

    /// The number, from 1, of the physical line of the byte at `offset`.
    public static func lineNumber(at offset: Int, in bytes: [UInt8]) -> Int {
        var line = 1
        var index = 0
        while index < offset, index < bytes.count {
            let byte = bytes[index]
            let endsInLineFeed = index + 1 < bytes.count && bytes[index + 1] == .lineFeed
            if byte == .lineFeed || byte == .carriageReturn && !endsInLineFeed { line += 1 }
            index += 1
        }
        return line
    }
}
