extension AccessLog {
    /// One field of a line.
    struct Field {
        private let name: String
        private let value: String?
        private let isNumber: Bool
        private let isQuoted: Bool
        private let unit: String

        /// A text, nil when it is not known.
        init(_ name: String, _ value: String?, isQuoted: Bool = false) {
            self.init(name, value, isNumber: false, isQuoted: isQuoted, unit: "")
        }

        /// A whole number, nil when it is not known.
        init(_ name: String, _ number: Int?, unit: String = "") {
            self.init(name, number.map { String($0) }, isNumber: true, isQuoted: false, unit: unit)
        }

        /// A number with one decimal, given in tenths.
        init(_ name: String, tenths: Int, unit: String) {
            self.init(name, "\(tenths / 10).\(tenths % 10)", isNumber: true, isQuoted: false, unit: unit)
        }

        private init(_ name: String, _ value: String?, isNumber: Bool, isQuoted: Bool, unit: String) {
            self.name = name
            self.value = value
            self.isNumber = isNumber
            self.isQuoted = isQuoted
            self.unit = unit
        }

        /// The field in a line of text.
        var text: String {
            guard let value, !value.isEmpty else { return "-" }
            if isNumber { return value + unit }
            // What is not in quotes must stay one word, whatever a web server lets into a name.
            if isQuoted || value.utf8.contains(0x20) && name != "message" { return Self.quoted(value) }
            return Self.escaped(value, quotes: false)
        }

        /// The field in a line of JSON, nil when it is not known.
        var json: String? {
            value.map { "\"\(name)\":" + (isNumber ? $0 : Self.quoted($0)) }
        }

        private static func quoted(_ text: String) -> String {
            "\"" + escaped(text, quotes: true) + "\""
        }

        /// The text with control characters, and what would end a quotation, escaped as JSON does (RFC 8259 §7).
        private static func escaped(_ text: String, quotes: Bool) -> String {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.utf8.count)
            for byte in text.utf8 {
                switch byte {
                case 0..<0x20, 0x7F:
                    bytes.append(contentsOf: "\\u00".utf8)
                    bytes.append(hexDigit(byte >> 4))
                    bytes.append(hexDigit(byte & 15))
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    if quotes { bytes.append(UInt8(ascii: "\\")) }
                    bytes.append(byte)
                default: bytes.append(byte)
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        private static func hexDigit(_ value: UInt8) -> UInt8 {
            value < 10 ? 0x30 + value : 0x61 + value - 10
        }
    }
}
