import ContentLine
import ICalendar

extension CompFilter {
    /// Whether a calendar object is one of those that are looked for.
    func matches(_ object: ObjectTimes) -> Bool {
        let calendar = object.calendar
        guard calendar.isNamed(name) else { return isNotDefined }
        guard !isNotDefined, properties.allSatisfy({ $0.matches(calendar, in: object) }) else { return false }
        guard components.allSatisfy({ $0.matchesOne(of: calendar.components, in: nil, object) }) else {
            return false
        }
        return timeRange.map { !object.overlapping($0).isEmpty } ?? true
    }

    /// Whether one of `siblings`, which stand in `parent`, is what is looked for; or none of them, if so asked.
    private func matchesOne(of siblings: [Component], in parent: Component?, _ object: ObjectTimes) -> Bool {
        for (index, component) in siblings.enumerated() where component.isNamed(name) {
            if isNotDefined { return false }
            guard properties.allSatisfy({ $0.matches(component, in: object) }),
                components.allSatisfy({ $0.matchesOne(of: component.components, in: component, object) })
            else { continue }
            guard let timeRange else { return true }
            // RFC 4791 §9.7.1: an instance of the very component that meets the other conditions.
            let overlaps =
                parent.map { object.overlaps(component, in: $0, timeRange) }
                ?? object.overlapping(timeRange).contains(index)
            if overlaps { return true }
        }
        return isNotDefined
    }
}

extension PropFilter {
    /// Whether `component` has a property that is looked for; each one is tested by itself (RFC 4791 §9.7.2).
    fileprivate func matches(_ component: Component, in object: ObjectTimes) -> Bool {
        if case .isNotDefined = test {
            return !component.properties.contains { $0.isNamed(name) }
        }
        if case .timeRange(let range) = test, let instant = object.effectiveEnd(name, of: component) {
            return parameters.isEmpty && range.contains(instant)
        }
        return component.properties.contains { property in
            property.isNamed(name) && holds(for: property, in: object)
                && parameters.allSatisfy { $0.matches(property) }
        }
    }

    private func holds(for property: ContentLine, in object: ObjectTimes) -> Bool {
        switch test {
        case .isDefined: true
        case .isNotDefined: false
        case .timeRange(let range): object.instant(of: property).map(range.contains) ?? false
        case .textMatch(let condition): condition.holds(for: property.searchedTexts)
        }
    }
}

extension TimeRange {
    /// Whether an instant is within (RFC 4791 §9.9).
    fileprivate func contains(_ instant: Instant) -> Bool {
        (start.map { $0 <= instant } ?? true) && (end.map { instant < $0 } ?? true)
    }
}

extension ContentLine {
    /// What a text is looked for in: the value without its escapes, or each text of a list (RFC 5545 §3.8.1.2).
    fileprivate var searchedTexts: [String] {
        isNamed("CATEGORIES") || isNamed("RESOURCES") ? TextValue.list(value) : [text]
    }
}
