/// Why bytes are not a TZif file this program can read (RFC 8536).
public enum TZifError: Error, Hashable, Sendable {
    /// The bytes do not begin as a TZif file does.
    case notTZif
    /// The file ends early.
    case truncated
    /// A count or an index is out of its limits, or times are not in order.
    case inconsistent
    /// The rule for later years cannot be read.
    case malformedFooter
}

extension TimeZoneDefinition {
    /// Reads a TZif file of any version, as systems keep them below `/usr/share/zoneinfo` (RFC 8536).
    ///
    /// - Throws: `TZifError`.
    public convenience init(tzid: String, tzif: [UInt8]) throws(TZifError) {
        var reader = TZifReader(tzif)
        let first = try reader.header()
        let block: TZifReader.Block
        var initialOffset: Int?
        var rules = Rules.none
        if first.version >= UInt8(ascii: "2") {
            // RFC 8536 §3: version 2 and later repeat the data with 64-bit times after the 32-bit ones.
            try reader.skip(first.blockSize(timeSize: 4))
            let second = try reader.header()
            block = try reader.block(second, timeSize: 8)
            if let zone = try reader.footer() {
                if zone.daylight != nil { rules = .posix(zone, after: block.onsets.last?.at ?? Int.min) }
                if block.onsets.isEmpty { initialOffset = zone.standardOffset }
            }
        } else {
            block = try reader.block(first, timeSize: 4)
        }
        self.init(
            tzid: tzid, initialOffset: initialOffset ?? block.initialOffset, onsets: block.onsets,
            rules: rules)
    }
}

/// Reads the parts of a TZif file one after the other (RFC 8536 §3).
private struct TZifReader {
    struct Header {
        let version: UInt8
        let universalCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int

        func blockSize(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4)
                + standardCount + universalCount
        }
    }

    struct Block {
        let initialOffset: Int
        let onsets: [TimeZoneDefinition.Onset]
    }

    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func skip(_ count: Int) throws(TZifError) {
        guard count <= bytes.count - index else { throw .truncated }
        index += count
    }

    private mutating func integer(_ size: Int) throws(TZifError) -> Int {
        guard size <= bytes.count - index else { throw .truncated }
        var value = Int64(bytes[index] >= 0x80 ? -1 : 0)
        for byte in bytes[index..<index + size] { value = value << 8 | Int64(byte) }
        index += size
        return Int(value)
    }

    mutating func header() throws(TZifError) -> Header {
        guard bytes[index...].starts(with: "TZif".utf8) else { throw .notTZif }
        try skip(4)
        guard index < bytes.count else { throw .truncated }
        let version = bytes[index]
        try skip(16)
        var counts: [Int] = []
        for _ in 0..<6 {
            let count = try integer(4)
            guard (0...100_000).contains(count) else { throw .inconsistent }
            counts.append(count)
        }
        guard counts[4] > 0 else { throw .inconsistent }
        return Header(
            version: version, universalCount: counts[0], standardCount: counts[1], leapCount: counts[2],
            timeCount: counts[3], typeCount: counts[4], characterCount: counts[5])
    }

    mutating func block(_ header: Header, timeSize: Int) throws(TZifError) -> Block {
        guard header.blockSize(timeSize: timeSize) <= bytes.count - index else { throw .truncated }
        var times: [Int] = []
        for _ in 0..<header.timeCount { times.append(try integer(timeSize)) }
        let types = bytes[index..<index + header.timeCount]
        try skip(header.timeCount)
        var offsets: [Int] = []
        var areDaylight: [Bool] = []
        for _ in 0..<header.typeCount {
            let offset = try integer(4)
            // RFC 8536 §3.2: more than 25 hours is not to be expected.
            guard abs(offset) <= 7 * 86400 else { throw .inconsistent }
            offsets.append(offset)
            areDaylight.append(index < bytes.count && bytes[index] != 0)
            try skip(2)
        }
        try skip(
            header.blockSize(timeSize: timeSize) - header.timeCount * (timeSize + 1) - header.typeCount * 6)
        var onsets: [TimeZoneDefinition.Onset] = []
        for (time, type) in zip(times, types) {
            guard Int(type) < offsets.count, onsets.last.map({ $0.at < time }) ?? true else {
                throw .inconsistent
            }
            onsets.append(
                .init(at: time, offset: offsets[Int(type)], isDaylight: areDaylight[Int(type)]))
        }
        return Block(initialOffset: offsets[0], onsets: onsets)
    }

    /// The `TZ` string between two line feeds; nil when it is empty.
    mutating func footer() throws(TZifError) -> POSIXTimeZone? {
        let lineFeed = UInt8(ascii: "\n")
        guard index < bytes.count, bytes[index] == lineFeed,
            let end = bytes[(index + 1)...].firstIndex(of: lineFeed)
        else { throw .truncated }
        let text = bytes[(index + 1)..<end]
        guard !text.isEmpty else { return nil }
        guard let zone = POSIXTimeZone(text) else { throw .malformedFooter }
        return zone
    }
}
