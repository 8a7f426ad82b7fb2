/// A digest that is the same in every process: FNV-1a, twice over.
///
/// It tells apart what differs by chance, not by intent.
public struct StableDigest {
    private var one: UInt64 = 0xcbf2_9ce4_8422_2325
    private var other: UInt64 = 0x8422_2325_cbf2_9ce4

    /// The digest of byte strings in order, as 32 hexadecimal digits.
    public static func text(of parts: [[UInt8]]) -> String {
        var digest = StableDigest()
        for part in parts { digest.add(part) }
        return digest.text
    }

    init() {}

    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { add(byte) }
        // The length keeps strings apart.
        addLength(bytes.count)
    }

    private mutating func addLength(_ count: Int) {
        var rest = UInt64(count)
        for _ in 0..<8 {
            add(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private mutating func add(_ byte: UInt8) {
        one = (one ^ UInt64(byte)) &* 0x100_0000_01b3
        other = (other ^ UInt64(byte ^ 0xA5)) &* 0x9e37_79b9_7f4a_7c15
        other ^= other >> 29
    }

    var text: String { Self.hex(one) + Self.hex(other) }

    private static func hex(_ word: UInt64) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
