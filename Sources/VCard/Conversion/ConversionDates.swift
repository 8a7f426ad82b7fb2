import ContentLine

/// Dates of birthdays and the like: in extended form in vCard 3.0, in basic form and with parts left out in 4.0
/// (RFC 2426 §3.1.5, RFC 6350 §4.3).
enum ConversionDates {
    /// The year that stands for none in a date of vCard 3.0, as Apple's programs write it.
    static let omittedYear = "1604"

    /// The value in vCard 4.0; nil when it is no date, but a text.
    static func newer(_ value: String, omitting year: String?) -> String? {
        var text = withoutFraction(ExtendedForm.basic(dateTime: value.trimmingBlanks))
        guard !text.isEmpty, text.utf8.allSatisfy(isDateByte) else { return nil }
        if let year, text.utf8.count == 8, text.utf8.starts(with: year.utf8) {
            text = "--" + String(decoding: text.utf8.dropFirst(4), as: UTF8.self)
        }
        return text
    }

    /// What a value of vCard 4.0 is in 3.0.
    enum Older {
        case date(String, withoutYear: Bool)
        case dateTime(String)
        /// Less than a date, or no date: vCard 3.0 cannot say it.
        case other
    }

    /// What a value of vCard 4.0 is in 3.0.
    static func older(_ value: String) -> Older {
        let text = ExtendedForm.extended(dateTime: value.trimmingBlanks)
        let bytes = Array(text.utf8)
        if isDate(bytes[...]) { return .date(text, withoutYear: false) }
        if bytes.count == 7, bytes.starts(with: "--".utf8), bytes[4] == UInt8(ascii: "-") {
            return .date(
                omittedYear + String(decoding: bytes[1...], as: UTF8.self), withoutYear: true)
        }
        if bytes.count >= 19, bytes[10] == UInt8(ascii: "T"), isDate(bytes[..<10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        {
            return .dateTime(text)
        }
        return .other
    }

    /// A time stamp in basic form, without parts of a second: vCard 4.0 knows none (RFC 6350 §4.3.5).
    static func timestamp(_ value: String) -> String {
        let text = withoutFraction(ExtendedForm.basic(dateTime: value.trimmingBlanks))
        return text.utf8.count == 8 ? text + "T000000Z" : text
    }

    private static func withoutFraction(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard let dot = bytes.firstIndex(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",") }) else {
            return text
        }
        let end = bytes[(dot + 1)...].firstIndex { $0 < 0x30 || $0 > 0x39 } ?? bytes.count
        return String(decoding: bytes[..<dot] + bytes[end...], as: UTF8.self)
    }

    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 10
            && bytes.enumerated().allSatisfy { index, byte in
                index == 4 || index == 7 ? byte == UInt8(ascii: "-") : byte >= 0x30 && byte <= 0x39
            }
    }

    private static func isDateByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "T"), UInt8(ascii: "Z"): true
        default: false
        }
    }
}
