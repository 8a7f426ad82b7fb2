/// Texts and tags of the XML forms of calendars and cards (RFC 6321, RFC 6351).
public enum MarkupText {
    /// Appends text, escaped (XML 1.0 §2.4); a control character, which XML cannot hold, as U+FFFD.
    public static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case .carriageReturn: bytes += Array("&#13;".utf8)
            case 0..<0x20 where byte != .tab && byte != .lineFeed: bytes += Array("\u{FFFD}".utf8)
            default: bytes.append(byte)
            }
        }
    }

    /// Appends an element with a text.
    public static func append(_ name: String, _ text: String, to bytes: inout [UInt8]) {
        append(name, to: &bytes) { append(text, to: &$0) }
    }

    /// Appends an element around what `content` appends.
    public static func append(_ name: String, to bytes: inout [UInt8], _ content: (inout [UInt8]) -> Void) {
        bytes += Array("<\(name)>".utf8)
        content(&bytes)
        bytes += Array("</\(name)>".utf8)
    }

    /// Appends the parameters of a property, each value in an element of the type that `type` tells for its name.
    public static func append(
        _ parameters: [Parameter], to bytes: inout [UInt8], type: (_ name: String) -> String
    ) {
        guard !parameters.isEmpty else { return }
        append("parameters", to: &bytes) { bytes in
            for parameter in parameters where isName(parameter.name) {
                append(parameter.name, to: &bytes) { bytes in
                    for value in parameter.values { append(type(parameter.name), value, to: &bytes) }
                }
            }
        }
    }

    /// Whether a name of iCalendar or vCard, in lower case, can be that of an element (XML 1.0 §2.3).
    public static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, first >= 0x61 && first <= 0x7A || first == UInt8(ascii: "_") else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
    }
}
