/// Writes the fields of a record one after the other; `FieldReader` reads them in the same order.
public struct FieldWriter {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Begins a record.
    public init() {}

    /// Adds one byte.
    public mutating func add(byte: UInt8) { bytes.append(byte) }

    /// Adds a number; those near 0 take a byte.
    public mutating func add(number: Int) {
        var rest = UInt64(bitPattern: Int64(number << 1 ^ number >> (Int.bitWidth - 1)))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Adds bytes, with their count before them.
    public mutating func add(bytes text: some Collection<UInt8>) {
        add(number: text.count)
        bytes.append(contentsOf: text)
    }
}

/// Reads the fields of a record; allocates nothing.
///
/// A record that ends early or makes no sense gives zeros and empty fields, and `isDamaged`.
public struct FieldReader {
    @usableFromInline let bytes: ArraySlice<UInt8>
    @usableFromInline var position: Int
    /// Whether a field was asked for that is not there.
    @inlinable public var isDamaged: Bool { hasFailed }
    @usableFromInline var hasFailed = false

    /// Begins at the first field.
    @inlinable public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        self.position = bytes.startIndex
    }

    /// Whether all fields are read.
    @inlinable public var isAtEnd: Bool { hasFailed || position == bytes.endIndex }

    /// The fields that are left.
    @inlinable public var rest: ArraySlice<UInt8> { bytes[position...] }

    /// Reads one byte.
    @inlinable public mutating func byte() -> UInt8 {
        guard !isAtEnd else {
            hasFailed = true
            return 0
        }
        defer { position += 1 }
        return bytes[position]
    }

    /// Reads a number.
    @inlinable public mutating func number() -> Int {
        // Most numbers are small.
        if !hasFailed, position < bytes.endIndex, bytes[position] < 0x80 {
            let value = Int(bytes[position])
            position += 1
            return value & 1 == 0 ? value >> 1 : ~(value >> 1)
        }
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { break }
            shift += 7
        }
        let signed = Int(Int64(bitPattern: value >> 1))
        return value & 1 == 0 ? signed : ~signed
    }

    /// Reads bytes that were written with their count.
    @inlinable public mutating func field() -> ArraySlice<UInt8> {
        let count = number()
        guard !isDamaged, count >= 0, count <= bytes.endIndex - position else {
            hasFailed = true
            return []
        }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
