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

/// Reads the fields of a record one after the other; it is only numbers, so the record is handed to each call.
///
/// Nothing is allocated or counted. A record that ends early or makes no sense gives zeros and empty fields, and
/// `isDamaged`.
public struct FieldReader {
    @usableFromInline var position: Int
    @usableFromInline let end: Int
    /// Whether a field was asked for that is not there.
    public private(set) var isDamaged = false

    /// Begins at the first field of a record.
    @inlinable public init(_ record: Span<UInt8>) {
        self.init(0..<record.count)
    }

    /// Begins at the first of the fields that are a field themselves, or the rest of a record.
    @inlinable public init(_ fields: Range<Int>) {
        self.position = fields.lowerBound
        self.end = fields.upperBound
    }

    /// Whether all fields are read.
    @inlinable public var isAtEnd: Bool { position >= end }

    /// Where the fields are that are left.
    @inlinable public var rest: Range<Int> { min(position, end)..<end }

    /// Reads one byte.
    @inlinable public mutating func byte(_ record: Span<UInt8>) -> UInt8 {
        guard position < end, position < record.count else {
            fail()
            return 0
        }
        defer { position += 1 }
        return record[position]
    }

    /// Reads a number.
    @inlinable public mutating func number(_ record: Span<UInt8>) -> Int {
        var value = UInt64(byte(record))
        // Most numbers are small.
        if value >= 0x80 {
            value &= 0x7F
            var shift: UInt64 = 7
            while shift < 64 {
                let next = byte(record)
                value |= UInt64(next & 0x7F) << shift
                if next < 0x80 { break }
                shift += 7
            }
        }
        let half = Int(Int64(bitPattern: value >> 1))
        return value & 1 == 0 ? half : ~half
    }

    /// Reads bytes that were written with their count: where they are.
    @inlinable public mutating func field(_ record: Span<UInt8>) -> Range<Int> {
        let count = number(record)
        guard count >= 0, count <= end - position, end <= record.count else {
            fail()
            return end..<end
        }
        defer { position += count }
        return position..<position + count
    }

    @usableFromInline mutating func fail() {
        isDamaged = true
        position = end
    }
}

extension Span<UInt8> {
    /// Whether the bytes at `range` are those of `text`.
    @inlinable public func isEqual(_ range: Range<Int>, to text: Span<UInt8>) -> Bool {
        guard range.count == text.count, range.upperBound <= count else { return false }
        for index in 0..<text.count where self[range.lowerBound + index] != text[index] { return false }
        return true
    }
}
