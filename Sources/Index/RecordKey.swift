import Store

/// The key of a record: kind, version of the encoding, and which object.
///
/// An object is 0 and 20 bytes for 40 lower-case hexadecimal digits, or 1 and the text of any other version.
struct RecordKey {
    /// A version with a longer text has no key; LMDB takes 511 bytes.
    static let maxTextBytes = 500

    /// Replaces `key` by the key of a record; false when it has none.
    static func write(_ format: RecordFormat, _ version: ItemVersion, to key: inout [UInt8]) -> Bool {
        key.removeAll(keepingCapacity: true)
        key.append(format.kind)
        key.append(format.version)
        let text = version.description.utf8
        if text.count == 40 {
            key.append(0)
            let digits = text.span
            var bad: UInt8 = 0
            for place in 0..<20 {
                let (high, low) = (value(ofDigit: digits[2 * place]), value(ofDigit: digits[2 * place + 1]))
                bad |= high | low
                key.append(high << 4 | low)
            }
            if bad < 16 { return true }
            key.removeLast(21)
        }
        guard text.count <= maxTextBytes else { return false }
        key.append(1)
        key.append(contentsOf: text)
        return true
    }

    /// 255 for what is no digit.
    private static func value(ofDigit digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: 255
        }
    }

    /// LMDB's order: by bytes, the shorter of two with the same beginning first.
    static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        compare(left.span, right.span) < 0
    }

    /// Less than, equal to or greater than 0 as `left` is to `right`.
    static func compare(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return left.count - right.count
    }
}
