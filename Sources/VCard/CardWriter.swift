import ContentLine

/// Writes vCards (RFC 6350 §3.2 and §3.3).
public struct CardWriter {
    /// The bytes of a card: what was read is written as it was, the rest folded and with CRLF.
    public static func bytes(of card: Card) -> [UInt8] {
        var bytes: [UInt8] = []
        append(card, to: &bytes)
        return bytes
    }

    /// Appends the bytes of a card.
    public static func append(_ card: Card, to bytes: inout [UInt8]) {
        (card.begin ?? ContentLine(name: "BEGIN", value: "VCARD")).append(to: &bytes)
        for property in card.properties { property.append(to: &bytes) }
        (card.end ?? ContentLine(name: "END", value: "VCARD")).append(to: &bytes)
    }
}
