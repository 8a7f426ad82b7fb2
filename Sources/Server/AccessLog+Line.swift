import HTTP

extension AccessLog {
    /// A line on its way, field by field.
    struct Line {
        /// What is written so far.
        private(set) var bytes: [UInt8] = []
        private let format: Configuration.LogFormat

        init(_ format: Configuration.LogFormat) {
            self.format = format
            bytes.reserveCapacity(256)
        }

        /// Adds a text, nil when it is not known; `isFree` for one that goes to the end of a line of text.
        mutating func add(
            _ name: String, _ value: String?, isQuoted: Bool = false, isFree: Bool = false
        ) {
            guard begin(name, isKnown: value != nil) else { return }
            guard let value, format == .json || !value.isEmpty else { return bytes.append(UInt8(ascii: "-")) }
            // What is not in quotes must stay one word, whatever a web server lets into a name.
            let quotes = format == .json || isQuoted || (!isFree && Self.holdsSpace(value))
            if quotes { bytes.append(UInt8(ascii: "\"")) }
            appendEscaped(value, inQuotes: quotes)
            if quotes { bytes.append(UInt8(ascii: "\"")) }
        }

        /// Adds the time.
        mutating func add(_ name: String, time milliseconds: Int64) {
            guard begin(name, isKnown: true) else { return }
            let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
            if format == .json { bytes.append(UInt8(ascii: "\"")) }
            HTTPDate(secondsSince1970: seconds).appendInternetDate(
                milliseconds: Int(milliseconds - seconds * 1000), to: &bytes)
            if format == .json { bytes.append(UInt8(ascii: "\"")) }
        }

        /// Adds a whole number, nil when it is not known.
        mutating func add(_ name: String, _ number: Int?, unit: String = "") {
            guard begin(name, isKnown: number != nil) else { return }
            guard let number else { return bytes.append(UInt8(ascii: "-")) }
            append(number)
            if format == .text { append(unit) }
        }

        /// Adds a number with one decimal, given in tenths.
        mutating func add(_ name: String, tenths: Int, unit: String) {
            guard begin(name, isKnown: true) else { return }
            append(tenths / 10)
            bytes.append(UInt8(ascii: "."))
            append(tenths % 10)
            if format == .text { append(unit) }
        }

        /// Adds bytes of a line that was made before.
        mutating func append(_ rest: [UInt8]) {
            bytes.append(contentsOf: rest)
        }

        /// Ends the fields.
        mutating func end() {
            if format == .json { bytes.append(UInt8(ascii: "}")) }
        }

        /// Ends the line.
        mutating func endLine() {
            bytes.append(UInt8(ascii: "\n"))
        }

        /// Writes what stands before a value; false when the field is to be left out.
        private mutating func begin(_ name: String, isKnown: Bool) -> Bool {
            switch format {
            case .text:
                if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
            case .json:
                guard isKnown else { return false }
                append(bytes.isEmpty ? "{\"" : ",\"")
                append(name)
                append("\":")
            }
            return true
        }

        /// The text with control characters, and what would end a quotation, escaped as JSON does (RFC 8259 §7).
        private mutating func appendEscaped(_ text: String, inQuotes: Bool) {
            let start = bytes.count
            let span = text.utf8.span
            var isPlain = true
            bytes.append(addingCapacity: span.count) { (output: inout OutputSpan<UInt8>) in
                for index in span.indices {
                    let byte = span[index]
                    let isSpecial =
                        byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: "\"")
                        || byte == UInt8(ascii: "\\")
                    if isSpecial { isPlain = false }
                    output.append(byte)
                }
            }
            if isPlain { return }
            bytes.removeLast(bytes.count - start)
            for byte in text.utf8 {
                switch byte {
                case 0..<0x20, 0x7F:
                    append("\\u00")
                    bytes.append(Self.hexDigit(byte >> 4))
                    bytes.append(Self.hexDigit(byte & 15))
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    if inQuotes { append("\\") }
                    bytes.append(byte)
                default: bytes.append(byte)
                }
            }
        }

        private mutating func append(_ text: String) {
            bytes.append(contentsOf: text.utf8)
        }

        private mutating func append(_ number: Int) {
            guard number >= 0 else { return append(String(number)) }
            var divisor = 1
            while number / divisor > 9 { divisor *= 10 }
            while divisor > 0 {
                bytes.append(0x30 + UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
        }

        private static func holdsSpace(_ text: String) -> Bool {
            let span = text.utf8.span
            for index in span.indices where span[index] == UInt8(ascii: " ") { return true }
            return false
        }

        private static func hexDigit(_ value: UInt8) -> UInt8 {
            value < 10 ? 0x30 + value : 0x61 + value - 10
        }
    }
}
