/// Takes the text of a mail out of what follows DATA (RFC 5321 §4.5.2).
///
/// Only CR LF dot CR LF ends it; a line feed alone is part of the text, so that nobody can hide a second mail in one that
/// another host has read differently.
struct LMTPData {
    private enum Place {
        case lineStart, dot, dotReturn, line, carriageReturn
    }

    private(set) var bytes: [UInt8] = []
    /// Whether there was more than `limit`; then `bytes` is empty.
    private(set) var isOverLimit = false
    private let limit: Int
    private var place = Place.lineStart

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes bytes until the end of the text.
    ///
    /// - Returns: how many belong to the text or its end, nil when the end has not come.
    mutating func take(_ more: ArraySlice<UInt8>) -> Int? {
        var count = 0
        for byte in more {
            count += 1
            switch (place, byte) {
            case (.lineStart, UInt8(ascii: ".")): place = .dot
            case (.dot, 0x0d): place = .dotReturn
            case (.dotReturn, 0x0a): return count
            case (.dotReturn, _):
                append(0x0d)
                place = .carriageReturn
                takeInLine(byte)
            case (.dot, _), (.lineStart, _), (.line, _), (.carriageReturn, _): takeInLine(byte)
            }
        }
        return nil
    }

    private mutating func takeInLine(_ byte: UInt8) {
        append(byte)
        switch byte {
        case 0x0d: place = .carriageReturn
        case 0x0a where place == .carriageReturn: place = .lineStart
        default: place = .line
        }
    }

    private mutating func append(_ byte: UInt8) {
        guard !isOverLimit else { return }
        bytes.append(byte)
        if bytes.count > limit {
            isOverLimit = true
            bytes = []
        }
    }
}
