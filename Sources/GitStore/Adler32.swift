/// The checksum of a zlib stream (RFC 1950 §8.2).
struct Adler32 {
    private var first: UInt32 = 1
    private var second: UInt32 = 0
    private static let modulus: UInt32 = 65521

    /// The checksum of what was added so far.
    var value: UInt32 { second << 16 | first }

    /// The checksum of all of `bytes`.
    static func sum(of bytes: [UInt8]) -> UInt32 {
        var sum = Adler32()
        sum.add(bytes, 0..<bytes.count)
        return sum.value
    }

    /// Adds the bytes of `range`.
    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "the range is of the bytes")
        unsafe bytes.withUnsafeBytes { buffer in
            var at = range.lowerBound
            while at < range.upperBound {
                // No more than that before 32 bits can overflow.
                let end = min(at + 5552, range.upperBound)
                unsafe add(UnsafeRawBufferPointer(rebasing: buffer[at..<end]))
                at = end
            }
        }
    }

    /// Adds at most 5552 bytes: sixteen at a time, each counted as often as there are bytes from it to the end.
    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let rows = bytes.count / 16
        var sums = SIMD16<UInt32>()
        var prefixes = SIMD16<UInt32>()
        for row in 0..<rows {
            prefixes &+= sums
            sums &+= unsafe SIMD16<UInt32>(
                truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: 16 * row, as: SIMD16<UInt8>.self))
        }
        let weights = SIMD16<UInt32>(16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
        var total = UInt64(second) + UInt64(first) * UInt64(16 * rows)
        total += 16 * UInt64(prefixes.wrappedSum()) + UInt64((sums &* weights).wrappedSum())
        second = UInt32(total % UInt64(Self.modulus))
        first = (first + sums.wrappedSum()) % Self.modulus
        for index in 16 * rows..<bytes.count {
            unsafe first += UInt32(bytes[index])
            second += first
        }
        first %= Self.modulus
        second %= Self.modulus
    }
}
