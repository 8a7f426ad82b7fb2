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

    init(fields: FieldReader) { self.fields = fields }

    /// Goes on to the next component; nil after the last.
    mutating func next() -> RecordMember? {
        guard !fields.isAtEnd else { return nil }
        return RecordMember(name: fields.field(), properties: fields.field())
    }

    /// Appends what is told of a component.
    static func write(_ member: Component, to fields: inout FieldWriter) {
        var properties = FieldWriter()
        for property in member.properties {
            let name = property.name.uppercased()
            properties.add(bytes: name.utf8)
            guard withText.contains(name), property.value.utf8.count <= mostTextBytes else {
                properties.add(number: 0)
                continue
            }
            let texts = property.searchedTexts
            properties.add(number: texts.count + 1)
            for text in texts { properties.add(bytes: text.utf8) }
        }
        fields.add(bytes: member.name.uppercased().utf8)
        fields.add(bytes: properties.bytes)
    }
}

/// What a record tells of one component.
struct RecordMember {
    /// Its name in capitals.
    let name: ArraySlice<UInt8>
    fileprivate let properties: ArraySlice<UInt8>
}

extension RecordMember {
    /// Whether the component meets what a filter says of its properties.
    func answer(to filters: [PropFilter]) -> RecordAnswer {
        var all = RecordAnswer.yes
        for filter in filters {
            all = all.and(answer(to: filter))
            if all == .no { break }
        }
        return all
    }

    private func answer(to filter: PropFilter) -> RecordAnswer {
        // What has a duration has an end too (RFC 4791 §9.9).
        if case .timeRange = filter.test { return .unknown }
        var fields = FieldReader(properties)
        var any = RecordAnswer.no
        while !fields.isAtEnd, any != .yes {
            let name = fields.field()
            let count = fields.number() - 1
            guard name.elementsEqual(filter.name.utf8) else {
                for _ in 0..<max(0, count) { _ = fields.field() }
                continue
            }
            any = any.or(filter.answer(ofTexts: count, in: &fields))
        }
        if fields.isDamaged { return .unknown }
        if case .isNotDefined = filter.test { return any.negated }
        return any
    }
}

extension PropFilter {
    /// Whether a property meets the filter; its texts, -1 if they are not told, are the next fields.
    fileprivate func answer(ofTexts count: Int, in fields: inout FieldReader) -> RecordAnswer {
        var found = false
        if case .textMatch(let condition) = test {
            for _ in 0..<max(0, count) where condition.match.matches(fields.field()) { found = true }
            if count >= 0 {
                return found == condition.isNegated ? .no : parameters.isEmpty ? .yes : .unknown
            }
            return .unknown
        }
        for _ in 0..<max(0, count) { _ = fields.field() }
        switch test {
        case .isDefined: return parameters.isEmpty ? .yes : .unknown
        case .isNotDefined: return .yes
        case .timeRange, .textMatch: return .unknown
        }
    }
}
