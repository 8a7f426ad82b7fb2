import ContentLine
import Index
import VCard

/// What a query asks of a card first: its UID, and its properties with their texts as far as they are short.
///
/// It is made of a card once, kept by all processes together as bytes, and read where it lies: what is read of it here is where
/// its parts are. Whoever changes what it
/// says or how it is written counts `format.version` up.
struct CardRecord {
    /// The format of the records of cards.
    static let format = RecordFormat(kind: 2, version: 2)
    /// A longer text is not told: photos and keys, which nobody searches.
    private static let mostTextBytes = 500

    /// Whether the card can be read.
    let isReadable: Bool
    /// Where the card's UID is, nil when it has none.
    let uid: Range<Int>?
    private let properties: Range<Int>

    /// Reads a record.
    init(_ record: Span<UInt8>) {
        var fields = FieldReader(record)
        let flags = fields.byte(record)
        self.isReadable = flags & 1 != 0
        self.uid = flags & 2 != 0 ? fields.field(record) : nil
        self.properties = fields.rest
    }

    /// The record of a card, nil for what is none.
    ///
    /// For each property it has its name and one field: the number of its texts, or -1 where they are not told, and them.
    static func bytes(of card: Card?) -> [UInt8] {
        var fields = FieldWriter()
        fields.add(byte: (card == nil ? 0 : 1) | (card?.uid == nil ? 0 : 2))
        if let uid = card?.uid { fields.add(bytes: uid.utf8) }
        for property in card?.properties ?? [] {
            var texts = FieldWriter()
            if property.value.utf8.count <= mostTextBytes {
                let list = property.searchedTexts
                texts.add(number: list.count)
                for text in list { texts.add(bytes: text.utf8) }
            } else {
                texts.add(number: -1)
            }
            fields.add(bytes: property.name.utf8.map(\.asciiUpperCase))
            fields.add(bytes: texts.bytes)
        }
        return fields.bytes
    }

    /// What a view finds a record by.
    static func facts(_ bytes: ArraySlice<UInt8>) -> RecordFacts {
        let uid = CardRecord(bytes.span).uid
        return RecordFacts(
            uid: uid.map { bytes[bytes.startIndex + $0.lowerBound..<bytes.startIndex + $0.upperBound] })
    }
}

extension CardRecord {
    /// Whether the card is one of those that are asked for, as far as that can be told.
    func answer(to filter: AddressbookFilter, in record: Span<UInt8>) -> RecordAnswer {
        guard isReadable else { return .no }
        guard !filter.propFilters.isEmpty else { return .yes }
        let filters = filter.propFilters
        return filter.test.answer(filters.indices) { answer(to: filters[$0], in: record) }
    }

    private func answer(
        to filter: AddressbookFilter.PropFilter, in record: Span<UInt8>
    ) -> RecordAnswer {
        let upperCaseName = filter.upperCaseName
        let wanted = upperCaseName.span
        var fields = FieldReader(properties)
        var any = RecordAnswer.no
        while !fields.isAtEnd, any != .yes {
            let name = fields.field(record)
            let texts = fields.field(record)
            guard name.count == wanted.count, record.isEqual(name, to: wanted) else { continue }
            let meets = filter.answer(ofTexts: texts, in: record)
            // RFC 6352 §10.5.1: with a group the property must be in it, which is not told.
            any = any.or(filter.name.group == nil ? meets : meets.and(.unknown))
        }
        if fields.isDamaged { return .unknown }
        return filter.conditions == nil ? any.negated : any
    }
}

extension AddressbookFilter.Test {
    /// Whether enough of the conditions hold, which `answer` is asked about by their indices.
    fileprivate func answer(_ conditions: Range<Int>, _ answer: (Int) -> RecordAnswer) -> RecordAnswer {
        let (all, isDecisive): (RecordAnswer, RecordAnswer) =
            switch self {
            case .anyOf: (.no, .yes)
            case .allOf: (.yes, .no)
            }
        var found = all
        for index in conditions where found != isDecisive {
            let next = answer(index)
            found = isDecisive == .yes ? found.or(next) : found.and(next)
        }
        return found
    }
}

extension AddressbookFilter.PropFilter {
    /// Whether a property meets the conditions, whose texts are told at `texts`.
    fileprivate func answer(ofTexts texts: Range<Int>, in record: Span<UInt8>) -> RecordAnswer {
        guard let conditions, !conditions.isEmpty else { return .yes }
        var fields = FieldReader(texts)
        let count = fields.number(record)
        guard count >= 0 else { return .unknown }
        return test.answer(conditions.indices) { index in
            guard case .text(let text) = conditions[index] else { return .unknown }
            var each = fields
            var found = false
            for _ in 0..<count where text.match.matches(record.extracting(each.field(record))) {
                found = true
            }
            if each.isDamaged { return .unknown }
            return found != text.isNegated ? .yes : .no
        }
    }
}
