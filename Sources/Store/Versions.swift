/// The version of an item: changes exactly when its bytes do.
///
/// Opaque ASCII text without quotes or spaces; the Git store's is the blob id in hex, which is kept as the number it
/// writes, so that the versions of a hundred thousand items are no texts in memory.
public struct ItemVersion: Hashable, Sendable, CustomStringConvertible {
    private enum Form: Hashable, Sendable {
        /// The bytes of 40 lower-case hexadecimal digits: the first 8, the next 8, the last 4.
        case digest(UInt64, UInt64, UInt32)
        /// Any other text.
        case text(String)
    }

    private let form: Form

    /// Wraps a version's text.
    public init(_ text: String) {
        self.form = Self.digest(text) ?? .text(text)
    }

    /// Makes the version whose text is the hexadecimal digits of 20 bytes, given as numbers, the first byte highest.
    public init(digest high: UInt64, _ middle: UInt64, _ low: UInt32) {
        self.form = .digest(high, middle, low)
    }

    /// The 20 bytes as the initializer takes them, nil for a version that has another text.
    public var digest: (high: UInt64, middle: UInt64, low: UInt32)? {
        guard case .digest(let high, let middle, let low) = form else { return nil }
        return (high, middle, low)
    }

    /// The text.
    public var description: String {
        if case .text(let text) = form { return text }
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds the text to `bytes`.
    public func append(to bytes: inout [UInt8]) {
        switch form {
        case .text(let text): bytes.append(contentsOf: text.utf8)
        case .digest(let high, let middle, let low):
            let start = bytes.count
            bytes.append(contentsOf: Self.zeros)
            Self.write(high, middle, low, over: &bytes, at: start)
        }
    }

    /// Writes the 40 digits of a version that has them over the bytes from `offset` on.
    public func write(over bytes: inout [UInt8], at offset: Int) {
        guard case .digest(let high, let middle, let low) = form else { return }
        Self.write(high, middle, low, over: &bytes, at: offset)
    }

    private static let zeros = [UInt8](repeating: 0x30, count: 40)

    private static func write(
        _ high: UInt64, _ middle: UInt64, _ low: UInt32, over bytes: inout [UInt8], at offset: Int
    ) {
        var span = bytes.mutableSpan
        precondition(offset >= 0 && offset + 40 <= span.count, "there is room for the digits")
        Self.write(high >> 32, to: &span, at: offset)
        Self.write(high & 0xffff_ffff, to: &span, at: offset + 8)
        Self.write(middle >> 32, to: &span, at: offset + 16)
        Self.write(middle & 0xffff_ffff, to: &span, at: offset + 24)
        Self.write(UInt64(low), to: &span, at: offset + 32)
    }

    /// Writes the eight digits of a number of 32 bits.
    @inline(__always)
    private static func write(_ number: UInt64, to span: inout MutableSpan<UInt8>, at offset: Int) {
        // All at once, each in a byte of its own, the first one highest.
        var word = number
        word = (word | word << 16) & 0x0000_ffff_0000_ffff
        word = (word | word << 8) & 0x00ff_00ff_00ff_00ff
        word = (word | word << 4) & 0x0f0f_0f0f_0f0f_0f0f
        // Those over 9 are letters, which stand 39 further on.
        let letters = (word &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        word = word &+ 0x3030_3030_3030_3030 &+ letters &* 39
        for index in 0..<8 {
            span[offset + index] = UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * index))
        }
    }

    private static func digest(_ text: String) -> Form? {
        let digits = text.utf8.span
        guard digits.count == 40, let high = number(digits, 0..<16), let middle = number(digits, 16..<32),
            let low = number(digits, 32..<40)
        else { return nil }
        return .digest(high, middle, UInt32(low))
    }

    /// The number that sixteen digits at most are, nil when one of them is none.
    @inline(__always)
    private static func number(_ digits: borrowing Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            let digit = digits[index]
            switch digit {
            case 0x30...0x39: number = number << 4 | UInt64(digit - 0x30)
            case 0x61...0x66: number = number << 4 | UInt64(digit - 0x57)
            default: return nil
            }
        }
        return number
    }
}

/// The version of a whole collection: two equal versions have equal items and equal tracked metadata.
public struct CollectionVersion: Hashable, Sendable, CustomStringConvertible {
    /// Opaque ASCII text without quotes or spaces; the Git store's is the root tree id in hex.
    public let description: String

    /// Wraps a version's text.
    public init(_ text: String) {
        self.description = text
    }
}
