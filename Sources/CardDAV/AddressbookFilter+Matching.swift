import ContentLine
import VCard

extension AddressbookFilter {
    /// Whether the card is one of those that are asked for; a filter without conditions asks for all.
    func matches(_ card: Card) -> Bool {
        guard !propFilters.isEmpty else { return true }
        return test.holds(propFilters) { $0.matches(card) }
    }
}

extension AddressbookFilter.PropFilter {
    /// RFC 6352 §10.5.1: one property has to meet the conditions by itself.
    fileprivate func matches(_ card: Card) -> Bool {
        guard let conditions else { return !card.properties.contains(where: name.matches) }
        return card.properties.contains { property in
            guard name.matches(property) else { return false }
            return conditions.isEmpty || test.holds(conditions) { $0.isMet(by: property) }
        }
    }
}

extension AddressbookFilter.Condition {
    fileprivate func isMet(by property: ContentLine) -> Bool {
        switch self {
        case .text(let condition): condition.isMet(byAnyOf: property.searchedTexts)
        case .parameter(let filter): filter.isMet(by: property)
        }
    }
}

extension AddressbookFilter.ParamFilter {
    /// RFC 6352 §10.5.2; a parameter may be given several times (RFC 2426 §4), and have several values.
    fileprivate func isMet(by property: ContentLine) -> Bool {
        let parameters = property.parameters.filter { $0.name.isSameName(as: name) }
        return switch demand {
        case .defined: !parameters.isEmpty
        case .notDefined: parameters.isEmpty
        case .text(let condition):
            !parameters.isEmpty && condition.isMet(byAnyOf: parameters.flatMap(\.values))
        }
    }
}

extension AddressbookFilter.TextCondition {
    fileprivate func isMet(byAnyOf texts: [String]) -> Bool {
        texts.contains(where: match.matches) != isNegated
    }
}

extension ContentLine {
    /// What a text is compared with: the value without its escapes, and each text of a list (RFC 6350 §6.2.3, §6.7.1).
    var searchedTexts: [String] {
        guard isNamed("NICKNAME") || isNamed("CATEGORIES") else { return [text] }
        let list = TextValue.list(value)
        return list.count > 1 ? [text] + list : list
    }
}
