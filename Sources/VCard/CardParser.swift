public import ContentLine

/// Reads vCards of versions 2.1, 3.0 and 4.0 (RFC 6350 §3.3, RFC 2426 §2).
///
/// Only the form is looked at: which properties must be there is for `AddressObject`.
public struct CardParser {
    /// Reads bytes that hold one card and nothing else.
    ///
    /// - Throws: `CardParseError` with the line and the reason.
    /// - Complexity: Linear in the bytes.
    public static func parse(_ bytes: [UInt8], limits: LineLimits = .default) throws(CardParseError) -> Card {
        var parser = CardParser(bytes, limits)
        guard let card = try parser.next() else {
            throw CardParseError(line: parser.reader.lineNumber, reason: .empty)
        }
        guard try parser.line() == nil else {
            throw CardParseError(line: parser.reader.lineNumber, reason: .severalCards)
        }
        return card
    }

    /// Reads any number of cards one after the other (RFC 6350 §3.3).
    ///
    /// - Throws: `CardParseError` with the line and the reason.
    public static func parseAll(
        _ bytes: [UInt8], limits: LineLimits = .default
    ) throws(CardParseError) -> [Card] {
        var parser = CardParser(bytes, limits)
        var cards: [Card] = []
        while let card = try parser.next() { cards.append(card) }
        return cards
    }

    private var reader: ContentLineReader

    private init(_ bytes: [UInt8], _ limits: LineLimits) {
        self.reader = ContentLineReader(bytes, syntax: .vCard, limits: limits)
    }

    private mutating func line() throws(CardParseError) -> ContentLine? {
        do {
            return try reader.next()
        } catch {
            throw CardParseError(line: error.line, reason: .line(error.reason))
        }
    }

    /// Reads the next card; nil when there are no more lines.
    private mutating func next() throws(CardParseError) -> Card? {
        guard let begin = try line() else { return nil }
        guard begin.isNamed("BEGIN"), begin.value.trimmingBlanks.isName("VCARD") else {
            throw CardParseError(line: reader.lineNumber, reason: .notACard)
        }
        var card = Card(properties: [])
        card.begin = begin
        while let line = try line() {
            if line.isNamed("END"), line.value.trimmingBlanks.isName("VCARD") {
                card.end = line
                return card
            }
            guard !line.isNamed("END"), !line.isNamed("BEGIN") else {
                throw CardParseError(line: reader.lineNumber, reason: .mismatchedEnd)
            }
            card.properties.append(line)
        }
        throw CardParseError(line: reader.lineNumber, reason: .unclosedCard)
    }
}
