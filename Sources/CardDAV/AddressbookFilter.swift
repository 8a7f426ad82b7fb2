import ContentLine
import HTTP
import WebDAV
import XML

/// Which cards a query asks for: `CARDDAV:filter` (RFC 6352 §10.5).
struct AddressbookFilter {
    /// How several conditions are joined.
    enum Test: String {
        case anyOf = "anyof"
        case allOf = "allof"

        /// Whether enough of the conditions hold.
        func holds<Condition>(_ conditions: [Condition], _ isMet: (Condition) -> Bool) -> Bool {
            switch self {
            case .anyOf: conditions.contains(where: isMet)
            case .allOf: conditions.allSatisfy(isMet)
            }
        }
    }

    /// A condition on the properties of one name (§10.5.1).
    ///
    /// An object, because each record of an address book is asked about it.
    final class PropFilter {
        let name: PropertyName
        /// The name without its group, in capitals.
        let upperCaseName: [UInt8]
        let test: Test
        /// Nil when the property must not be there; empty when it only has to be.
        let conditions: [Condition]?

        init(name: PropertyName, test: Test, conditions: [Condition]?) {
            self.name = name
            self.upperCaseName = name.name.utf8.map(\.asciiUpperCase)
            self.test = test
            self.conditions = conditions
        }
    }

    /// A condition on one property.
    enum Condition {
        case text(TextCondition)
        case parameter(ParamFilter)
    }

    /// A condition on a parameter (§10.5.2).
    struct ParamFilter {
        enum Demand {
            case defined
            case notDefined
            case text(TextCondition)
        }

        let name: String
        let demand: Demand
    }

    /// A condition on a text (§10.5.4).
    struct TextCondition {
        let match: TextMatch
        let isNegated: Bool
    }

    let test: Test
    let propFilters: [PropFilter]
}

extension AddressbookFilter {
    /// Reads the element.
    ///
    /// - Throws: 400 for what the element cannot contain; 403 `CARDDAV:supported-filter` for elements that are unknown;
    ///   403 `CARDDAV:supported-collation`.
    init(_ element: XMLElement) throws(DAVError) {
        self.test = try Test(element)
        var propFilters: [PropFilter] = []
        for child in element.elements where child.name.namespace == .carddav {
            guard child.name == .carddav("prop-filter") else { throw .unsupported(child, in: nil) }
            propFilters.append(try PropFilter(child))
        }
        self.propFilters = propFilters
    }
}

extension AddressbookFilter.Test {
    fileprivate init(_ element: XMLElement) throws(DAVError) {
        guard let test = Self(rawValue: element.attribute("test") ?? "anyof") else {
            throw DAVError(.badRequest, message: "The test of a \(element.name.local) is anyof or allof.")
        }
        self = test
    }
}

extension AddressbookFilter.PropFilter {
    fileprivate convenience init(_ element: XMLElement) throws(DAVError) {
        let name = PropertyName(try element.requiredName)
        let test = try AddressbookFilter.Test(element)
        var conditions: [AddressbookFilter.Condition] = []
        var isNotDefined = false
        for child in element.elements where child.name.namespace == .carddav {
            switch child.name {
            case .carddav("is-not-defined"): isNotDefined = true
            case .carddav("text-match"): conditions.append(.text(try AddressbookFilter.TextCondition(child)))
            case .carddav("param-filter"):
                conditions.append(.parameter(try AddressbookFilter.ParamFilter(child)))
            default: throw .unsupported(child, in: element)
            }
        }
        guard !isNotDefined || conditions.isEmpty else { throw .onlyNotDefined(element) }
        self.init(name: name, test: test, conditions: isNotDefined ? nil : conditions)
    }
}

extension AddressbookFilter.ParamFilter {
    fileprivate init(_ element: XMLElement) throws(DAVError) {
        self.name = try element.requiredName
        let children = element.elements.filter { $0.name.namespace == .carddav }
        guard children.count <= 1 else { throw .onlyNotDefined(element) }
        switch children.first?.name {
        case nil: self.demand = .defined
        case .carddav("is-not-defined"): self.demand = .notDefined
        case .carddav("text-match"): self.demand = .text(try AddressbookFilter.TextCondition(children[0]))
        default: throw .unsupported(children[0], in: element)
        }
    }
}

extension AddressbookFilter.TextCondition {
    fileprivate init(_ element: XMLElement) throws(DAVError) {
        // RFC 6352 §8.3: i;unicode-casemap without a collation and for "default"; no wildcards.
        let identifier = element.attribute("collation") ?? "default"
        let named = identifier == "default" ? .unicodeCasemap : Collation(rawValue: identifier.lowercased())
        guard let collation = named else {
            throw DAVError(
                .forbidden, violated: .named(.carddav("supported-collation")),
                message: "The collation \(identifier) is not supported.")
        }
        guard let type = TextMatch.MatchType(rawValue: element.attribute("match-type") ?? "contains") else {
            throw DAVError(
                .badRequest,
                message: "The match-type of a text-match is equals, contains, starts-with or ends-with.")
        }
        switch element.attribute("negate-condition") ?? "no" {
        case "no": self.isNegated = false
        case "yes": self.isNegated = true
        default: throw DAVError(.badRequest, message: "The negate-condition of a text-match is yes or no.")
        }
        self.match = TextMatch(element.text, collation: collation, type: type)
    }
}

extension XMLElement {
    /// The attribute `name`, which must be there.
    fileprivate var requiredName: String {
        get throws(DAVError) {
            guard let name = attribute("name"), !name.isEmpty else {
                throw DAVError(.badRequest, message: "A \(self.name.local) has no name.")
            }
            return name
        }
    }
}

extension DAVError {
    /// RFC 6352 §8.6: the condition reports the filter that is not supported.
    fileprivate static func unsupported(_ element: XMLElement, in filter: XMLElement?) -> DAVError {
        let reported = filter.map { filter in
            [XMLNode.element(XMLElement(filter.name, attributes: filter.attributes))]
        }
        return DAVError(
            .forbidden,
            violated: Condition(XMLElement(.carddav("supported-filter"), children: reported ?? [])),
            message: "A filter cannot have \(element.name) in it.")
    }

    /// §10.5.1, §10.5.2: `is-not-defined` stands alone.
    fileprivate static func onlyNotDefined(_ element: XMLElement) -> DAVError {
        DAVError(.badRequest, message: "The conditions of a \(element.name.local) exclude each other.")
    }
}
