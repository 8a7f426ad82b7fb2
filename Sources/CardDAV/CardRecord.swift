import ContentLine
import Index
import VCard

/// What a query asks of a card first: its UID, and its properties with their texts as far as they are short.
///
/// It is made of a card once, kept by all processes together as bytes, and read where it lies. Whoever changes what it
/// says or how it is written counts `format.version` up.
struct CardRecord {
    /// The format of the records of cards.
    static let format = RecordFormat(kind: 2, version: 1)
    /// A longer text is not told: photos and keys, which nobody searches.
    private static let mostTextBytes = 500

    /// Whether the card can be read.
    let isReadable: Bool
    /// The card's UID, nil when it has none.
    let uid: ArraySlice<UInt8>?
    private let properties: ArraySlice<UInt8>

    /// Reads a record.
    init(_ bytes: ArraySlice<UInt8>) {
        var fields = FieldReader(bytes)
        let flags = fields.byte()
        self.isReadable = flags & 1 != 0
        self.uid = flags & 2 != 0 ? fields.field() : nil
        self.properties = fields.rest
    }

    /// The record of a card, nil for what is none.
    static func bytes(of card: Card?) -> [UInt8] {
        var fields = FieldWriter()
        fields.add(byte: (card == nil ? 0 : 1) | (card?.uid == nil ? 0 : 2))
        if let uid = card?.uid { fields.add(bytes: uid.utf8) }
        for property in card?.properties ?? [] {
            fields.add(bytes: property.name.utf8.map(\.asciiUpperCase))
            guard property.value.utf8.count <= mostTextBytes else {
                fields.add(number: -1)
                continue
            }
            let texts = property.searchedTexts
            fields.add(number: texts.count)
            for text in texts { fields.add(bytes: text.utf8) }
        }
        return fields.bytes
    }

    /// What a view finds a record by.
    static func facts(_ bytes: ArraySlice<UInt8>) -> RecordFacts {
        RecordFacts(uid: CardRecord(bytes).uid)
    }
}

extension CardRecord {
    /// Whether the card is one of those that are asked for, as far as that can be told.
    func answer(to filter: AddressbookFilter) -> RecordAnswer {
        guard isReadable else { return .no }
        guard !filter.propFilters.isEmpty else { return .yes }
        return filter.test.answer(filter.propFilters) { answer(to: $0) }
    }

    private func answer(to filter: AddressbookFilter.PropFilter) -> RecordAnswer {
        var fields = FieldReader(properties)
        var any = RecordAnswer.no
        while !fields.isAtEnd, any != .yes {
            let name = fields.field()
            let count = fields.number()
            let texts = fields
            for _ in 0..<max(0, count) { _ = fields.field() }
            guard name.elementsEqual(filter.upperCaseName) else { continue }
            let meets = filter.answer(count: count, texts)
            // RFC 6352 §10.5.1: with a group the property must be in it, which is not told.
            any = any.or(filter.name.group == nil ? meets : meets.and(.unknown))
        }
        if fields.isDamaged { return .unknown }
        return filter.conditions == nil ? any.negated : any
    }
}

extension AddressbookFilter.Test {
    /// Whether enough of the conditions hold.
    fileprivate func answer<Condition>(
        _ conditions: [Condition], _ answer: (Condition) -> RecordAnswer
    ) -> RecordAnswer {
        switch self {
        case .anyOf: conditions.reduce(.no) { $0 == .yes ? .yes : $0.or(answer($1)) }
        case .allOf: conditions.reduce(.yes) { $0 == .no ? .no : $0.and(answer($1)) }
        }
    }
}

extension AddressbookFilter.PropFilter {
    /// Whether a property meets the conditions; `texts` begins with its texts, `count` is -1 if they are not told.
    fileprivate func answer(count: Int, _ texts: FieldReader) -> RecordAnswer {
        guard let conditions, !conditions.isEmpty else { return .yes }
        guard count >= 0 else { return .unknown }
        return test.answer(conditions) { condition in
            guard case .text(let text) = condition else { return .unknown }
            var fields = texts
            var found = false
            for _ in 0..<count where text.match.matches(fields.field()) { found = true }
            return found != text.isNegated ? .yes : .no
        }
    }
}
