import ContentLine
import FuzzDriver
import VCard

// What is read prints as it was, byte for byte; changed properties print as what reads the same again.
fuzz { bytes in
    if let cards = try? CardParser.parseAll(bytes) {
        var printed: [UInt8] = []
        for card in cards { CardWriter.append(card, to: &printed) }
        require(printed == bytes || cards.isEmpty, "several cards print differently")
    }
    guard let card = try? CardParser.parse(bytes) else { return }
    require(CardWriter.bytes(of: card) == bytes, "one card prints differently")
    checkRewritten(card)
    for version in [Card.Version.v3_0, .v4_0] {
        guard let other = card.converted(to: version) else { continue }
        require(other.version == version, "a converted card has another version")
        _ = (JCard.bytes(of: other), XCard.document(of: other))
    }
    _ = try? AddressObject(bytes)
    _ = (card.uid, card.formattedName, card.name, card.kind, card.members)
}

func checkRewritten(_ card: Card) {
    var copy = card
    // Setting a property to itself makes the writer fold and escape it anew.
    copy.properties = copy.properties.map { property in
        ContentLine(
            group: property.group, name: property.name, parameters: property.parameters,
            value: property.value)
    }
    let written = CardWriter.bytes(of: copy)
    guard let again = try? CardParser.parse(written) else {
        return require(!card.isPlain, "a rewritten card does not read")
    }
    require(again == copy || !card.isPlain, "a rewritten card reads differently")
}

extension Card {
    /// Whether writing loses nothing: control characters and what only vCard 2.1 can say do not survive.
    var isPlain: Bool {
        !properties.contains { property in
            let texts =
                [property.value] + property.parameters.flatMap(\.values) + property.parameters.map(\.name)
            return property.parameters.contains { $0.values.isEmpty }
                || property.parameters.contains { $0.isNamed("ENCODING") || $0.isNamed("QUOTED-PRINTABLE") }
                || texts.contains { $0.utf8.contains { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F } }
        }
    }
}
