public import ContentLine

/// Cards in JSON: jCard (RFC 7095).
///
/// They are of vCard 4.0.
public enum JCard {
    /// The media type (RFC 7095 §7).
    public static let mediaType = "application/vcard+json"

    /// The bytes of a card, which is in version 4.0: an array of `vcard` and its properties (RFC 7095 §3.2).
    public static func bytes(of card: Card) -> [UInt8] {
        // RFC 7095 §3.2: the version comes first.
        let first = card.properties.filter { $0.isNamed("VERSION") }
        let others = card.properties.filter { !$0.isNamed("VERSION") }
        let properties = (first + others).map { TypedProperty(card: $0).json }
        return JSONValue.array([.string("vcard"), .array(properties)]).bytes
    }

    /// Reads a card.
    ///
    /// - Throws: `TypedPropertyError` when the bytes are not one.
    public static func parse(_ bytes: [UInt8]) throws(TypedPropertyError) -> Card {
        let json: JSONValue
        do {
            json = try JSONParser.parse(bytes)
        } catch {
            throw TypedPropertyError(error.description)
        }
        return try card(json)
    }

    /// Reads a card whose JSON was read before.
    ///
    /// - Throws: `TypedPropertyError` when it is none.
    public static func card(_ json: JSONValue) throws(TypedPropertyError) -> Card {
        guard let parts = json.elements, parts.count == 2, case .string(let name) = parts[0],
            name.isName("VCARD"), let properties = parts[1].elements
        else { throw TypedPropertyError("a card is an array of vcard and its properties") }
        var card = Card(properties: [])
        for property in properties { card.properties.append(try TypedProperty(property).cardLine()) }
        return card
    }
}
