/// What stands in front of each value: a sum over its key and itself, so that bytes that were not written as this
/// key's value are not taken for it.
///
/// It finds accidents; somebody who may write to the file can forge it.
struct Checksum {
    /// Bytes in front of each value.
    static let size = 8

    private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

    private mutating func mix(_ word: UInt64) {
        state = (state ^ word) &* 0xff51_afd7_ed55_8ccd
        state ^= state >> 32
    }

    private mutating func add(_ bytes: RawSpan) {
        mix(UInt64(bytes.byteCount))
        var offset = 0
        while offset + 8 <= bytes.byteCount {
            mix(unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.byteCount {
            rest = rest << 8 | UInt64(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            offset += 1
        }
        mix(rest)
    }

    /// The sum of a key and the value `bytes`.
    static func of(_ key: [UInt8], _ bytes: Span<UInt8>) -> UInt64 {
        var sum = Checksum()
        unsafe sum.add(key.span.bytes)
        unsafe sum.add(bytes.bytes)
        return sum.state
    }
}
