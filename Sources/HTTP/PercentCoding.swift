/// Decodes the percent escapes of one path segment (RFC 3986 §2.1).
func percentDecoded(_ raw: ArraySlice<UInt8>) throws(PathError) -> String {
    guard raw.contains(UInt8(ascii: "%")) else {
        guard !raw.contains(0), let text = String(validating: raw, as: UTF8.self) else { throw .notText }
        return text
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(raw.count)
    var index = raw.startIndex
    while index < raw.endIndex {
        let byte = raw[index]
        if byte == UInt8(ascii: "%") {
            guard index + 2 < raw.endIndex, let high = hexValue(raw[index + 1]),
                let low = hexValue(raw[index + 2])
            else { throw .brokenEscape }
            bytes.append(high << 4 | low)
            index += 3
        } else {
            bytes.append(byte)
            index += 1
        }
    }
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
    return text
}

/// Encodes one path segment: all but unreserved characters, `:` and `@` (RFC 3986 §3.3).
///
/// Sub-delimiters are encoded too, though a segment may have them: clients take some of them for syntax, others are
/// special in XML, and clients that move over from Xandikos know their objects by just these hrefs.
public func percentEncoded(_ segment: String) -> String {
    if segment.utf8.allSatisfy(isPlainPathByte) { return segment }
    var bytes: [UInt8] = []
    appendPercentEncoded(segment, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

/// Adds one path segment to `bytes`, encoded as by `percentEncoded`.
public func appendPercentEncoded(_ segment: String, to bytes: inout [UInt8]) {
    if segment.utf8.allSatisfy(isPlainPathByte) { return bytes.append(contentsOf: segment.utf8) }
    for byte in segment.utf8 {
        if isPlainPathByte(byte) {
            bytes.append(byte)
        } else {
            bytes.append(UInt8(ascii: "%"))
            bytes.append(hexDigit(byte >> 4))
            bytes.append(hexDigit(byte & 15))
        }
    }
}

/// Adds one path segment, given as UTF-8, to `bytes`, encoded as by `percentEncoded`.
public func appendPercentEncoded(_ segment: Span<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    var isPlain = true
    bytes.append(addingCapacity: segment.count) { (output: inout OutputSpan<UInt8>) in
        for index in segment.indices {
            let byte = segment[index]
            if !isPlainPathByte(byte) { isPlain = false }
            output.append(byte)
        }
    }
    if isPlain { return }
    let text = String(decoding: bytes[start...], as: UTF8.self)
    bytes.removeLast(bytes.count - start)
    appendPercentEncoded(text, to: &bytes)
}

private func isPlainPathByte(_ byte: UInt8) -> Bool {
    // A bit for each byte below 128: digits, `-`, `.`, `:`; letters, `@`, `_`, `~`.
    let word: UInt64 = byte < 64 ? 0x07ff_6000_0000_0000 : byte < 128 ? 0x47ff_fffe_87ff_ffff : 0
    return word >> UInt64(byte & 63) & 1 == 1
}

private func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x41 + value - 10
}
