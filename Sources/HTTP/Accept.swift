/// What representations a client takes: the field `Accept` (RFC 9110 §12.5.1).
public struct Accept: Sendable {
    /// One entry of the list.
    fileprivate struct Range {
        /// Type and subtype in lower case, `*` for any.
        let type: String
        let subtype: String
        let parameters: [(name: String, value: String)]
        /// The weight in thousandths.
        let quality: Int
    }

    private var ranges: [Range] = []
    /// More entries are not read.
    private static let most = 50

    /// Reads a field's value; nil when it says nothing but that everything is welcome.
    public init?(_ field: String) {
        guard field != "*/*" else { return nil }
        for entry in Self.split(field, at: UInt8(ascii: ",")).prefix(Self.most) {
            guard let range = Range(entry) else { continue }
            ranges.append(range)
        }
        if ranges.isEmpty { return nil }
    }

    /// How welcome a representation is, in thousandths; 0 when it is not.
    ///
    /// The entry that names it most closely counts. `parameters` are what can be asked for besides the type; `charset` is
    /// always UTF-8.
    public func quality(of mediaType: String, _ parameters: [(name: String, value: String)] = []) -> Int {
        var best = (closeness: -1, quality: 0)
        for range in ranges {
            guard let closeness = range.closeness(to: mediaType, parameters), closeness > best.closeness
            else { continue }
            best = (closeness, range.quality)
        }
        return best.quality
    }

    /// Whether an entry names this very type, with whichever parameters.
    public func names(_ mediaType: String) -> Bool {
        ranges.contains { $0.quality > 0 && mediaType == "\($0.type)/\($0.subtype)" }
    }

    /// Splits at a separator that does not stand in quotes.
    fileprivate static func split(_ text: String, at separator: UInt8) -> [String] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if byte == separator, !isQuoted {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        return parts.map { String(decoding: $0, as: UTF8.self).trimmingWhitespace }
    }
}

extension Accept.Range {
    fileprivate init?(_ entry: String) {
        let parts = Accept.split(entry, at: UInt8(ascii: ";"))
        let names = Accept.split(parts[0].lowercased(), at: UInt8(ascii: "/"))
        guard names.count == 2, !names[0].isEmpty, !names[1].isEmpty else { return nil }
        (type, subtype) = (names[0], names[1])
        var quality = 1000
        var parameters: [(name: String, value: String)] = []
        for part in parts.dropFirst() where !part.isEmpty {
            let pair = part.utf8.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(decoding: pair[0], as: UTF8.self).trimmingWhitespace.lowercased()
            let value = pair.count == 2 ? String(decoding: pair[1], as: UTF8.self).trimmingWhitespace : ""
            if name == "q" {
                quality = Self.thousandths(value)
                break
            }
            parameters.append((name, value))
        }
        self.quality = quality
        self.parameters = parameters
    }

    /// RFC 9110 §12.4.2: `0`, `1`, or up to three decimals.
    private static func thousandths(_ text: String) -> Int {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else {
            return 0
        }
        if first == UInt8(ascii: "1") { return 1000 }
        var value = 0
        for place in 2..<5 {
            let digit =
                place < bytes.count && bytes[place] >= 0x30 && bytes[place] <= 0x39 ? bytes[place] : 0x30
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// How closely the entry names a representation; nil when it does not.
    fileprivate func closeness(to mediaType: String, _ own: [(name: String, value: String)]) -> Int? {
        if type == "*" { return subtype == "*" ? 0 : nil }
        guard mediaType.utf8.starts(with: (type + "/").utf8) else { return nil }
        if subtype == "*" { return 1 }
        guard mediaType == "\(type)/\(subtype)" else { return nil }
        for (name, value) in parameters {
            let known = name == "charset" ? "utf-8" : own.first { $0.name == name }?.value
            guard let known, known == value.lowercased() else { return nil }
        }
        return 2 + parameters.count
    }
}
