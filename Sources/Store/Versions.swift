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
            bytes.append(addingCapacity: 40) { (span: inout OutputSpan<UInt8>) in
                Self.append(high, digits: 16, to: &span)
                Self.append(middle, digits: 16, to: &span)
                Self.append(UInt64(low), digits: 8, to: &span)
            }
        }
    }

    private static func append(_ number: UInt64, digits: Int, to span: inout OutputSpan<UInt8>) {
        var shift = UInt64(4 * digits)
        while shift > 0 {
            shift -= 32
            // Eight digits at once, each in a byte of its own, the first one highest.
            var word = number >> shift & 0xffff_ffff
            word = (word | word << 16) & 0x0000_ffff_0000_ffff
            word = (word | word << 8) & 0x00ff_00ff_00ff_00ff
            word = (word | word << 4) & 0x0f0f_0f0f_0f0f_0f0f
            // Those over 9 are letters, which stand 39 further on.
            let letters = (word &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
            word = word &+ 0x3030_3030_3030_3030 &+ letters &* 39
            var byte: UInt64 = 64
            while byte > 0 {
                byte -= 8
                span.append(UInt8(truncatingIfNeeded: word >> byte))
            }
        }
    }

    private static func digest(_ text: String) -> Form? {
        guard text.utf8.count == 40 else { return nil }
        var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
        var count = 0
        for digit in text.utf8 {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x57
            default: return nil
            }
            switch count {
            case 0..<16: words.0 = words.0 << 4 | UInt64(value)
            case 16..<32: words.1 = words.1 << 4 | UInt64(value)
            default: words.2 = words.2 << 4 | UInt64(value)
            }
            count += 1
        }
        return .digest(words.0, words.1, UInt32(words.2))
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
