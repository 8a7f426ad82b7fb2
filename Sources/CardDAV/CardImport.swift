import ContentLine
import HTTP
import VCard
import WebDAV

/// Takes a document of vCards apart (RFC 6350 §3.3).
///
/// A card without a UID, as many programs write them, gets one that is made of its bytes: importing it again changes
/// nothing. The same card twice counts once.
func importedCards(_ bytes: [UInt8]) throws(DAVError) -> [ImportedObject] {
    let cards: [Card]
    do {
        cards = try CardParser.parseAll(bytes)
    } catch {
        throw DAVError(
            .forbidden, violated: .named(.carddav("valid-address-data")),
            message: "Line \(error.line): \(error.reason).")
    }
    // One card is stored as it came.
    if cards.count == 1, let card = cards.first, let uid = card.uid {
        return [ImportedObject(uid: uid, bytes: bytes)]
    }
    var objects: [ImportedObject] = []
    var known: [[UInt8]: [UInt8]] = [:]
    for var card in cards {
        if card.uid == nil {
            let uid = "urn:uuid:" + uuid(of: CardWriter.bytes(of: card))
            card.properties.append(ContentLine(name: "UID", value: uid))
        }
        let uid = card.uid
        let bytes = CardWriter.bytes(of: card)
        if let key = uid.map({ Array($0.utf8) }) {
            if known[key] == bytes { continue }
            known[key] = bytes
        }
        objects.append(ImportedObject(uid: uid, bytes: bytes))
    }
    return objects
}

/// A UUID that is the same for the same bytes (RFC 9562 §5.8), of two FNV-1a sums.
private func uuid(of bytes: [UInt8]) -> String {
    var sums: [UInt64] = [0xcbf2_9ce4_8422_2325, 0x6c62_272e_07bb_0142]
    for byte in bytes {
        for index in sums.indices { sums[index] = (sums[index] ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    let high = sums[0] & ~0xf000 | 0x8000
    let low = sums[1] & ~(3 << 62) | 1 << 63
    let digits = [high, low].map { word in
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }.joined()
    var text = ""
    for (index, digit) in digits.enumerated() {
        if [8, 12, 16, 20].contains(index) { text += "-" }
        text.append(digit)
    }
    return text
}
