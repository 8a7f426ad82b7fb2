/// A cursor over the bytes of a value made of digits and single letters.
struct DigitReader<Bytes: Collection<UInt8>> {
    private let bytes: Bytes
    private var index: Bytes.Index

    init(_ bytes: Bytes) {
        self.bytes = bytes
        self.index = bytes.startIndex
    }

    var isAtEnd: Bool { index == bytes.endIndex }

    /// The next byte, which stays unread.
    var peek: UInt8? { isAtEnd ? nil : bytes[index] }

    /// Reads the next byte.
    mutating func next() -> UInt8? {
        guard !isAtEnd else { return nil }
        defer { bytes.formIndex(after: &index) }
        return bytes[index]
    }

    /// Reads the next byte when it is `letter` in either case.
    mutating func take(_ letter: UInt8) -> Bool {
        guard let byte = peek, byte.asciiUpperCase == letter else { return false }
        bytes.formIndex(after: &index)
        return true
    }

    /// Reads exactly `digits` digits.
    mutating func number(digits: Int) -> Int? {
        var number = 0
        for _ in 0..<digits {
            guard let digit = peek?.digit else { return nil }
            number = number * 10 + digit
            bytes.formIndex(after: &index)
        }
        return number
    }

    /// Reads one digit or more; nil without a digit or over `Int32.max`.
    mutating func number() -> Int? {
        guard var number = peek?.digit else { return nil }
        bytes.formIndex(after: &index)
        while let digit = peek?.digit {
            number = number * 10 + digit
            guard number <= Int(Int32.max) else { return nil }
            bytes.formIndex(after: &index)
        }
        return number
    }
}
