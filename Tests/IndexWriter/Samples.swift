import Index
import Store

/// Made-up records, the same in every process.
enum Samples {
    static let format = RecordFormat(kind: 7, version: 1)

    private static func mix(_ number: UInt64) -> UInt64 {
        var word = number &+ 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A version like a blob's, with `number` in it.
    static func version(_ number: Int) -> ItemVersion {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for part in 0..<3 {
            var word = mix(UInt64(number * 3 + part))
            for _ in 0..<16 where text.count < 40 {
                text.append(digits[Int(word & 15)])
                word >>= 4
            }
        }
        return ItemVersion(String(decoding: text, as: UTF8.self))
    }

    /// What is recorded of it: some hundred bytes.
    static func record(_ number: Int) -> [UInt8] {
        let seed = mix(UInt64(number) ^ 0xabcd)
        var bytes = [UInt8](repeating: UInt8(seed >> 32 & 255), count: 150 + Int(seed % 200))
        for place in 0..<8 { bytes[place * 17] = UInt8(truncatingIfNeeded: seed >> UInt64(place * 7)) }
        return bytes
    }

    /// The first ones, as making them takes long.
    private static let first = (0..<2100).map { (version($0), record($0)) }

    static func records(_ numbers: Range<Int>) -> [(ItemVersion, [UInt8])] {
        numbers.upperBound <= first.count ? Array(first[numbers]) : numbers.map { (version($0), record($0)) }
    }
}
