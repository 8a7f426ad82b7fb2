import ContentLine
import ICalendar
import Index

/// What a record tells of the components of an object: which properties they have, and the texts of some.
struct RecordMembers {
    /// Components of one object that are told of.
    static let most = 16
    /// A longer text is not told.
    private static let mostTextBytes = 1000
    /// The properties whose texts are told: those that people search.
    private static let withText: Set<String> = [
        "SUMMARY", "LOCATION", "DESCRIPTION", "CATEGORIES", "STATUS", "CLASS", "COMMENT", "RESOURCES",
        "TRANSP",
    ]

    private var fields: FieldReader

    /// Reads what `bytes` made, which is at `fields` of a record.
    init(_ fields: Range<Int>) { self.fields = FieldReader(fields) }

    /// Goes on to the next component; nil after the last.
    mutating func next(in record: Span<UInt8>) -> RecordMember? {
        guard !fields.isAtEnd else { return nil }
        return RecordMember(name: fields.field(record), properties: fields.field(record))
    }

    /// What is told of components.
    static func bytes(of members: ArraySlice<Component>) -> [UInt8] {
        var fields = FieldWriter()
        for member in members {
            fields.add(bytes: member.name.uppercased().utf8)
            fields.add(bytes: properties(of: member))
        }
        return fields.bytes
    }

    /// For each property its name and one field: 1 and the text, or 0 where it is not told.
    private static func properties(of member: Component) -> [UInt8] {
        var fields = FieldWriter()
        for property in member.properties {
            let name = property.name.uppercased()
            var text = FieldWriter()
            if withText.contains(name), property.value.utf8.count <= mostTextBytes {
                text.add(byte: 1)
                text.add(bytes: property.text.utf8)
            } else {
                text.add(byte: 0)
            }
            fields.add(bytes: name.utf8)
            fields.add(bytes: text.bytes)
        }
        return fields.bytes
    }
}

/// What a record tells of one component.
struct RecordMember {
    /// Where its name is, in capitals.
    let name: Range<Int>
    fileprivate let properties: Range<Int>
}

extension RecordMember {
    /// Whether the component meets what a filter says of its properties.
    func answer(to filters: [PropFilter], in record: Span<UInt8>) -> RecordAnswer {
        var all = RecordAnswer.yes
        for index in filters.indices where all != .no {
            all = all.and(answer(to: filters[index], in: record))
        }
        return all
    }

    private func answer(to filter: PropFilter, in record: Span<UInt8>) -> RecordAnswer {
        // What has a duration has an end too (RFC 4791 §9.9).
        if case .timeRange = filter.test { return .unknown }
        let upperCaseName = filter.name
        let wanted = upperCaseName.utf8.span
        var fields = FieldReader(properties)
        var any = RecordAnswer.no
        while !fields.isAtEnd, any != .yes {
            let name = fields.field(record)
            let texts = fields.field(record)
            guard name.count == wanted.count, record.isEqual(name, to: wanted) else { continue }
            any = any.or(filter.answer(ofTexts: texts, in: record))
        }
        if fields.isDamaged { return .unknown }
        if case .isNotDefined = filter.test { return any.negated }
        return any
    }
}

extension PropFilter {
    /// Whether a property meets the filter, whose texts are told at `texts`.
    fileprivate func answer(ofTexts texts: Range<Int>, in record: Span<UInt8>) -> RecordAnswer {
        switch test {
        case .isDefined: return parameters.isEmpty ? .yes : .unknown
        case .isNotDefined: return .yes
        case .timeRange: return .unknown
        case .textMatch(let condition):
            var fields = FieldReader(texts)
            guard fields.byte(record) == 1 else { return .unknown }
            let text = fields.field(record)
            if fields.isDamaged { return .unknown }
            let found = condition.match.matches(record.extracting(text))
            return found == condition.isNegated ? .no : parameters.isEmpty ? .yes : .unknown
        }
    }
}
