import ContentLine
import ICalendar

/// What a calendar-query looks for in a component: `CALDAV:comp-filter` (RFC 4791 §9.7.1).
///
/// An object, because each record of a calendar is asked about it.
final class CompFilter {
    /// The name of the component.
    let name: String
    /// Whether there must be no such component; then nothing else is asked for.
    let isNotDefined: Bool
    /// When one of the component's instances must be.
    let timeRange: TimeRange?
    /// What its properties must be.
    let properties: [PropFilter]
    /// What the components in it must be.
    let components: [CompFilter]

    init(
        name: String, isNotDefined: Bool, timeRange: TimeRange?, properties: [PropFilter],
        components: [CompFilter]
    ) {
        self.name = name
        self.isNotDefined = isNotDefined
        self.timeRange = timeRange
        self.properties = properties
        self.components = components
    }
}

/// What a calendar-query looks for in a property: `CALDAV:prop-filter` (RFC 4791 §9.7.2).
///
/// An object, because each record of a calendar is asked about it.
final class PropFilter {
    /// What the value must be.
    enum Test {
        case isDefined
        case isNotDefined
        case timeRange(TimeRange)
        case textMatch(TextCondition)
    }

    /// The name of the property.
    let name: String
    /// What its value must be.
    let test: Test
    /// What its parameters must be.
    let parameters: [ParamFilter]

    init(name: String, test: Test, parameters: [ParamFilter] = []) {
        self.name = name
        self.test = test
        self.parameters = parameters
    }
}

/// What a calendar-query looks for in a parameter: `CALDAV:param-filter` (RFC 4791 §9.7.3).
struct ParamFilter {
    /// What the value must be.
    enum Test {
        case isDefined
        case isNotDefined
        case textMatch(TextCondition)
    }

    /// The name of the parameter.
    let name: String
    /// What its value must be.
    let test: Test

    /// Whether `property` has what is looked for.
    func matches(_ property: ContentLine) -> Bool {
        let parameter = property.parameters.first { $0.name.isSameName(as: name) }
        switch test {
        case .isDefined: return parameter != nil
        case .isNotDefined: return parameter == nil
        case .textMatch(let condition): return parameter.map { condition.holds(for: $0.values) } ?? false
        }
    }
}

/// A text to be found in a value, or not: `CALDAV:text-match` (RFC 4791 §9.7.5).
struct TextCondition {
    /// The text.
    let match: TextMatch
    /// Whether it must not be there.
    var isNegated = false

    /// Whether the condition holds for a value that consists of these texts.
    func holds(for texts: [String]) -> Bool {
        texts.contains(where: match.matches) != isNegated
    }
}
