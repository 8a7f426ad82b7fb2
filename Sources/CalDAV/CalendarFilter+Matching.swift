import ContentLine
import ICalendar

extension CompFilter {
    /// Whether a calendar object is one of those that are looked for.
    func matches(_ object: ObjectTimes) -> Bool {
        let calendar = object.calendar
        guard calendar.isNamed(name) else { return isNotDefined }
        guard !isNotDefined, components.allSatisfy({ $0.matchesMember(of: object) }),
            hasProperties(in: object)
        else { return false }
        return timeRange.map { object.overlaps($0) } ?? true
    }

    /// Whether the calendar has the properties that are looked for.
    ///
    /// RFC 4791 §9.7.2 has those of VCALENDAR itself in mind. Clients also ask there for properties of whatever the
    /// calendar holds, so what it lacks may be in one of its components.
    private func hasProperties(in object: ObjectTimes) -> Bool {
        let members = object.calendar.components
        let lacking = properties.filter { !$0.matches(object.calendar, in: object, at: nil) }
        guard !lacking.isEmpty else { return true }
        return members.indices.contains { index in
            lacking.allSatisfy { !$0.isAboutAbsence && $0.matches(members[index], in: object, at: index) }
        }
    }

    /// Whether a component directly in the calendar is what is looked for.
    private func matchesMember(of object: ObjectTimes) -> Bool {
        let members = object.calendar.components
        guard !isNotDefined else { return !members.contains { $0.isNamed(name) } }
        let candidates = members.indices.filter {
            meetsConditions(members[$0], in: object, at: $0, isMember: true)
        }
        // RFC 4791 §9.7.1: an instance of the very component that meets the other conditions.
        return timeRange.map { object.overlaps(candidates, named: name, $0) } ?? !candidates.isEmpty
    }

    /// Whether a component in `parent`, which is at `index` of the calendar or within what is, is what is looked for.
    private func matchesPart(of parent: Component, in object: ObjectTimes, at index: Int) -> Bool {
        guard !isNotDefined else { return !parent.components.contains { $0.isNamed(name) } }
        return parent.components.contains { part in
            meetsConditions(part, in: object, at: index, isMember: false)
                && (timeRange.map { object.overlaps(part, ofComponentAt: index, $0) } ?? true)
        }
    }

    /// Whether a component, which is the one at `index` of the calendar or within that one, is what is looked for, but
    /// for when it is.
    private func meetsConditions(
        _ component: Component, in object: ObjectTimes, at index: Int, isMember: Bool
    ) -> Bool {
        component.isNamed(name)
            && properties.allSatisfy { $0.matches(component, in: object, at: isMember ? index : nil) }
            && components.allSatisfy { $0.matchesPart(of: component, in: object, at: index) }
    }
}

extension PropFilter {
    /// Whether the property must not be there.
    fileprivate var isAboutAbsence: Bool {
        if case .isNotDefined = test { true } else { false }
    }

    /// Whether `component` has a property that is looked for; each one is tested by itself (RFC 4791 §9.7.2).
    ///
    /// A text is looked for in the whole value without its escapes, that of a list included.
    fileprivate func matches(_ component: Component, in object: ObjectTimes, at index: Int?) -> Bool {
        guard !isAboutAbsence else { return !component.properties.contains { $0.isNamed(name) } }
        // RFC 4791 §9.9: every instance counts, by its own start and end.
        if case .timeRange(let range) = test, let index,
            let isMet = object.hasInstance(with: name, in: range, ofComponentAt: index)
        {
            guard isMet, !parameters.isEmpty else { return isMet }
            return component.properties.contains { property in
                property.isNamed(name) && parameters.allSatisfy { $0.matches(property) }
            }
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
        case .textMatch(let condition): condition.holds(for: [property.text])
        }
    }
}
