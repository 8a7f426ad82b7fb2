/// Dates and times in the basic form of iCalendar and vCard, `19850412T232000Z`, and in the extended one of their JSON and
/// XML forms, `1985-04-12T23:20:00Z` (ISO 8601; RFC 7265 §3.6, RFC 7095 §3.5).
///
/// Parts may be left out as in vCard (RFC 6350 §4.3): `--0412` is `--04-12`. What has another form stays as it is.
public enum ExtendedForm {
    /// The extended form of a date, a time after a `T`, or both.
    public static func extended(dateTime text: String) -> String {
        let (date, time) = parts(text)
        guard let time else { return extended(date: date) }
        return extended(date: date) + "T" + extended(time: time)
    }

    /// The basic form of a date, a time after a `T`, or both.
    public static func basic(dateTime text: String) -> String {
        let (date, time) = parts(text)
        guard let time else { return basic(date: date) }
        return basic(date: date) + "T" + basic(time: time)
    }

    /// `19850412` as `1985-04-12`, `--0412` as `--04-12`.
    public static func extended(date text: String) -> String {
        let bytes = Array(text.utf8)
        switch bytes.count {
        case 8 where bytes.allSatisfy(\.isDigit):
            return string(bytes[0..<4]) + "-" + string(bytes[4..<6]) + "-" + string(bytes[6..<8])
        case 6 where bytes.starts(with: [0x2D, 0x2D]) && bytes[2...].allSatisfy(\.isDigit):
            return string(bytes[0..<4]) + "-" + string(bytes[4..<6])
        default: return text
        }
    }

    /// `1985-04-12` as `19850412`, `--04-12` as `--0412`; a year with a month keeps its hyphen (RFC 6350 §4.3.1).
    public static func basic(date text: String) -> String {
        let bytes = Array(text.utf8)
        guard let last = bytes.lastIndex(of: 0x2D), last == bytes.count - 3, bytes[last - 1].isDigit,
            bytes[(last + 1)...].allSatisfy(\.isDigit)
        else { return text }
        switch bytes.count {
        case 10 where bytes[4] == 0x2D:
            return string(bytes[0..<4]) + string(bytes[5..<7]) + string(bytes[8...])
        case 7 where bytes.starts(with: [0x2D, 0x2D]): return string(bytes[0..<4]) + string(bytes[5...])
        default: return text
        }
    }

    /// `232000Z` as `23:20:00Z`, `-3000` as `-30:00`, `10+0100` as `10+01:00`.
    public static func extended(time text: String) -> String {
        let (dashes, digits, zone) = timeParts(text)
        guard digits.count.isMultiple(of: 2), digits.allSatisfy(\.isDigit) else { return text }
        return dashes + pairs(digits) + extended(offset: zone)
    }

    /// `23:20:00Z` as `232000Z`.
    public static func basic(time text: String) -> String {
        string(Array(text.utf8).filter { $0 != .colon }[...])
    }

    /// `-0500` as `-05:00`; without minutes, or as `Z`, it stays.
    public static func extended(offset text: String) -> String {
        let bytes = Array(text.utf8)
        guard let sign = bytes.first, sign == 0x2B || sign == 0x2D, bytes.count > 1,
            bytes.count.isMultiple(of: 2) == false, bytes[1...].allSatisfy(\.isDigit)
        else { return text }
        return string(bytes[0..<1]) + pairs(bytes[1...])
    }

    /// `-05:00` as `-0500`.
    public static func basic(offset text: String) -> String { basic(time: text) }

    private static func parts(_ text: String) -> (date: String, time: String?) {
        guard let index = text.utf8.firstIndex(where: { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: "t") })
        else { return (text, nil) }
        return (String(text[..<index]), String(text[text.utf8.index(after: index)...]))
    }

    /// The hyphens that stand for what is left out, the digits, and the zone.
    private static func timeParts(
        _ text: String
    ) -> (dashes: String, digits: ArraySlice<UInt8>, zone: String) {
        let bytes = Array(text.utf8)
        let start = bytes.firstIndex { $0 != 0x2D } ?? bytes.count
        let end = bytes[start...].firstIndex { !$0.isDigit } ?? bytes.count
        return (string(bytes[..<start]), bytes[start..<end], string(bytes[end...]))
    }

    private static func pairs(_ digits: ArraySlice<UInt8>) -> String {
        stride(from: digits.startIndex, to: digits.endIndex, by: 2)
            .map { string(digits[$0..<min($0 + 2, digits.endIndex)]) }.joined(separator: ":")
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension UInt8 {
    /// Whether it is an ASCII digit.
    var isDigit: Bool { self >= 0x30 && self <= 0x39 }
}
