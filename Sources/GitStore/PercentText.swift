import Store

/// Texts without blanks and line ends: all but unreserved characters and `/` percent-encoded (RFC 3986 §2.1).
enum PercentText {
    static func encoded(_ text: String) -> String {
        var encoded: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            let isPlain =
                (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "-._~/".utf8.contains(byte)
            encoded += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// The text that `encoded` was made of, nil when it is none.
    static func decoded(_ encoded: some Sequence<UInt8>) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(encoded)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The path that an encoded `StorePath.description` is one of, nil when it is none.
    static func path(_ encoded: some StringProtocol) -> StorePath? {
        var names: [ItemName] = []
        for part in encoded.utf8.split(separator: UInt8(ascii: "/")) {
            guard let name = decoded(part).flatMap({ ItemName($0) }) else { return nil }
            names.append(name)
        }
        return StorePath(names)
    }
}
