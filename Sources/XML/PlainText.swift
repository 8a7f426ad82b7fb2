/// Finds where text is no longer plain, eight bytes at a time.
enum PlainText {
    /// The index of the first byte from `start` on that is below a space, or `&`, `<` or `>`; the count when there is none.
    static func end(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let words = UnsafeRawBufferPointer(text)
        while index + 8 <= text.count {
            let word = UInt64(
                littleEndian: unsafe words.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = marks(word)
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < text.count {
            let byte = unsafe text[index]
            if byte < 0x20 || byte == UInt8(ascii: "&") || byte | 2 == UInt8(ascii: ">") { return index }
            index += 1
        }
        return index
    }

    /// The top bits of the bytes in question.
    ///
    /// A byte above one in question may be marked without being so, as a difference borrows from it; the lowest mark is
    /// always right.
    private static func marks(_ word: UInt64) -> UInt64 {
        // `<` and `>` differ in one bit, set here for both.
        let controls = word &- 0x2020_2020_2020_2020
        let ampersands = (word ^ 0x2626_2626_2626_2626) &- 0x0101_0101_0101_0101
        let brackets = ((word | 0x0202_0202_0202_0202) ^ 0x3e3e_3e3e_3e3e_3e3e) &- 0x0101_0101_0101_0101
        return (controls | ampersands | brackets) & ~word & 0x8080_8080_8080_8080
    }
}
