/// How a value stands in an `INIFile`, such that Python's `configparser` reads the same.
///
/// Python takes away the blanks around each line of a value, passes over lines that look like comments, and replaces
/// `%(name)s` by another option's value. Where something would be lost, the value of an empty option is put in its
/// way: `%(artemisios-empty)s  two blanks`. Values have line feeds between their lines; other line ends become those.
enum INIValue {
    /// The option of `[DEFAULT]` that is empty.
    static let emptyOption = "artemisios-empty"
    private static let guardian = "%(\(emptyOption))s"

    /// The lines of `value`, and whether they use the empty option.
    static func encode(_ value: String) -> (lines: [String], usesEmptyOption: Bool) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.utf8.count)
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "%"): bytes += [byte, byte]
            case UInt8(ascii: "\n") where bytes.last == UInt8(ascii: "\r"): bytes[bytes.count - 1] = byte
            default: bytes.append(byte)
            }
        }
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\r") {
            bytes[index] = UInt8(ascii: "\n")
        }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        var usesEmptyOption = false
        for (index, line) in lines.enumerated() {
            let scalars = line.unicodeScalars
            let opens = scalars.first.map { isBlank($0) || (index > 0 && ($0 == "#" || $0 == ";")) } ?? false
            let closes = scalars.last.map(isBlank) ?? (index > 0 && index == lines.count - 1)
            if opens || closes { usesEmptyOption = true }
            lines[index] = (opens ? guardian : "") + line + (closes ? guardian : "")
        }
        return (lines, usesEmptyOption)
    }

    /// What Python's `str.strip` takes away.
    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || (0x1c...0x1f).contains(scalar.value)
    }

    /// The value that `text` stands for.
    ///
    /// `option` finds the undecoded value of another option.
    static func decode(_ text: String, option: (String) -> String?) -> String {
        repairingFolding(of: decode(text, depth: 0, option: option))
    }

    private static func decode(_ text: String, depth: Int, option: (String) -> String?) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "%")) else { return text }
        var decoded: [UInt8] = []
        var at = 0
        while at < bytes.count {
            let next = at + 1 < bytes.count ? bytes[at + 1] : 0
            if bytes[at] == UInt8(ascii: "%"), next == UInt8(ascii: "%") {
                decoded.append(next)
                at += 2
            } else if bytes[at] == UInt8(ascii: "%"), next == UInt8(ascii: "("),
                let end = bytes[at...].firstIndex(of: UInt8(ascii: ")")), end + 1 < bytes.count,
                bytes[end + 1] == UInt8(ascii: "s"), depth < 10,
                let value = option(String(decoding: bytes[at + 2..<end], as: UTF8.self).lowercased())
            {
                decoded += Array(decode(value, depth: depth + 1, option: option).utf8)
                at = end + 2
            } else {
                decoded.append(bytes[at])
                at += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// Joins the folded lines of iCalendar text again whose leading blank a program took away.
    ///
    /// A content line starts with a name and `;` or `:` (RFC 5545 §3.1); what does not, belongs to the line before.
    private static func repairingFolding(of value: String) -> String {
        let bytes = Array(value.utf8)
        guard bytes.starts(with: "BEGIN:VCALENDAR".utf8) else { return value }
        var repaired: [[UInt8]] = []
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let isFolded = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
            if isFolded || line.isEmpty || repaired.isEmpty || startsContentLine(line) {
                repaired.append(Array(line))
            } else {
                repaired[repaired.count - 1] += line
            }
        }
        return String(decoding: Array(repaired.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }

    private static func startsContentLine(_ line: ArraySlice<UInt8>) -> Bool {
        let name = line.prefix { byte in
            byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        guard !name.isEmpty, name.endIndex < line.endIndex else { return false }
        return line[name.endIndex] == UInt8(ascii: ";") || line[name.endIndex] == UInt8(ascii: ":")
    }
}
