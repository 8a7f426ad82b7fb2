import ContentLine

/// A photo, logo, sound or key: bytes in Base64, with `ENCODING=b` in vCard 3.0 and as a `data:` URI in 4.0
/// (RFC 2426 §3.1.4, RFC 6350 §6.2.4, RFC 2397).
enum MediaValue {
    /// The properties that have such values, and the first part of the media type that `TYPE` leaves out.
    static let kinds = ["PHOTO": "image", "LOGO": "image", "SOUND": "audio", "KEY": "application"]

    /// Formats of vCard 3.0 whose media type is not their name.
    private static let formats = [("X509", "application/pkix-cert"), ("PGP", "application/pgp-keys")]
    /// Values of `TYPE` that are no formats.
    private static let uses = ["HOME", "WORK", "PREF"]

    /// The media type that the format among `types` means, which is taken from them.
    static func mediaType(from types: inout [String], of kind: String) -> String? {
        guard let place = types.firstIndex(where: { type in !uses.contains { type.isName($0) } }) else {
            return nil
        }
        let format = types.remove(at: place)
        if format.utf8.contains(UInt8(ascii: "/")) { return format.asciiLowerCase }
        if let known = formats.first(where: { format.isName($0.0) }) { return known.1 }
        return kind + "/" + format.asciiLowerCase
    }

    /// The format that `TYPE` names for a media type.
    static func format(of mediaType: String, _ kind: String) -> String? {
        if mediaType.isEmpty || mediaType == "application/octet-stream" { return nil }
        if let known = formats.first(where: { $0.1 == mediaType }) { return known.0 }
        let parts = mediaType.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1)
        guard parts.count == 2, parts[0].elementsEqual(kind.utf8) else { return mediaType }
        return String(decoding: parts[1], as: UTF8.self).asciiUpperCase
    }

    /// What the first characters of Base64 say of an image.
    static func sniffed(_ base64: String) -> String? {
        let starts = [
            ("/9j/", "image/jpeg"), ("iVBOR", "image/png"), ("R0lG", "image/gif"), ("UklGR", "image/webp"),
        ]
        return starts.first { base64.utf8.starts(with: $0.0.utf8) }?.1
    }

    /// The media type and the Base64 of a `data:` URI; nil for other URIs.
    static func parse(dataURI value: String) -> (mediaType: String, base64: String)? {
        let bytes = Array(value.utf8)
        guard bytes.count > 5, String(decoding: bytes[..<5], as: UTF8.self).isName("DATA:"),
            let comma = bytes.firstIndex(of: UInt8(ascii: ","))
        else { return nil }
        // Some programs escape the comma as if it were in a text.
        let head = bytes[5..<comma].filter { $0 != UInt8(ascii: "\\") }
        let parts = head.split(separator: UInt8(ascii: ";")).map { String(decoding: $0, as: UTF8.self) }
        let mediaType =
            parts.first.flatMap { $0.utf8.contains(UInt8(ascii: "/")) ? $0.asciiLowerCase : nil } ?? ""
        let rest = bytes[(comma + 1)...]
        if parts.contains(where: { $0.isName("BASE64") }) {
            return (mediaType, String(decoding: rest.filter { $0 != 0x20 }, as: UTF8.self))
        }
        return (mediaType, base64(percentDecoded(rest)))
    }

    private static func percentDecoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let byte = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return result
    }

    /// Base64 (RFC 4648 §4).
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(
                    place <= group.count ? alphabet[word >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
