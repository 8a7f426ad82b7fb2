/// Numbers that look random and are the same in each run (Steele, Lea, Flood: SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A word of the first letters of the alphabet.
    mutating func word(letters: UInt8, length: ClosedRange<Int>) -> String {
        let count = Int.random(in: length, using: &self)
        let bytes = (0..<count).map { _ in 0x61 + UInt8.random(in: 0..<letters, using: &self) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
