extension TypedProperty {
    /// The property as an array: name, parameters, type, values (RFC 7265 §3.4, RFC 7095 §3.3).
    public var json: JSONValue {
        var members: [JSONValue.Member] = []
        for parameter in parameters {
            let values = parameter.values.map { JSONValue.string($0) }
            members.append(JSONValue.Member(parameter.name, values.count == 1 ? values[0] : .array(values)))
        }
        // RFC 7095 §3.4.1.
        if let group { members.append(JSONValue.Member("group", .string(group))) }
        return .array([.string(name), .object(members), .string(type)] + values)
    }

    /// Reads a property.
    ///
    /// - Throws: `TypedPropertyError` when it is not one.
    public init(_ json: JSONValue) throws(TypedPropertyError) {
        guard let parts = json.elements, parts.count >= 4, case .string(let name) = parts[0],
            case .object(let members) = parts[1], case .string(let type) = parts[2]
        else { throw TypedPropertyError("a property is an array of name, parameters, type and values") }
        guard Self.isName(name), Self.isName(type) else {
            throw TypedPropertyError("the name or type of a property has other characters than it can have")
        }
        var parameters: [Parameter] = []
        var group: String?
        for member in members {
            guard Self.isName(member.name) else {
                throw TypedPropertyError("the name of a parameter has other characters than it can have")
            }
            let values = (member.value.elements ?? [member.value]).map(\.text)
            let texts = values.compactMap(\.self)
            guard !texts.isEmpty, texts.count == values.count else {
                throw TypedPropertyError("the parameter \(member.name) has no text")
            }
            if member.name.isName("GROUP") {
                guard let name = texts.first, texts.count == 1, Self.isName(name) else {
                    throw TypedPropertyError("a group has other characters than it can have")
                }
                group = name
            } else {
                parameters.append(Parameter(name: member.name.asciiLowerCase, values: texts))
            }
        }
        self.init(
            group: group, name: name.asciiLowerCase, parameters: parameters, type: type.asciiLowerCase,
            values: Array(parts[3...]))
    }

    /// Whether `text` can be the name of a property, a parameter or a type: what is read in text too (RFC 5545 §3.1).
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "."), UInt8(ascii: "/"):
                    true
                default: false
                }
            }
    }
}

/// Why a JSON value is not a property, a component or a card.
public struct TypedPropertyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}
