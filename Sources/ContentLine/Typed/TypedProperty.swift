/// A property as the JSON and XML forms of calendars and cards have it: with the type of its value said, and its values
/// apart (RFC 7265 §3.4, RFC 7095 §3.3).
///
/// What a value is follows from the type: a text without escapes, a number, a date in extended form, or an array or an
/// object of such.
public struct TypedProperty: Hashable, Sendable {
    /// The group of a vCard property.
    public let group: String?
    /// The name in lower case.
    public let name: String
    /// The parameters with names in lower case, each once; `VALUE` is not among them.
    public let parameters: [Parameter]
    /// The type of the values in lower case; `unknown` for a value that stands as it is written.
    public let type: String
    /// The values.
    public let values: [JSONValue]

    /// Makes a property of its parts.
    public init(
        group: String? = nil, name: String, parameters: [Parameter] = [], type: String, values: [JSONValue]
    ) {
        self.group = group
        self.name = name
        self.parameters = parameters
        self.type = type
        self.values = values
    }

    /// Makes a property of a line, less the values.
    public init(_ line: ContentLine, type: String, values: [JSONValue]) {
        self.init(
            group: line.group, name: line.name.asciiLowerCase,
            parameters: Self.joined(line.parameters.filter { !$0.isNamed("VALUE") }), type: type,
            values: values)
    }

    /// The parameters with names in lower case; a name that comes twice has the values of both.
    private static func joined(_ parameters: [Parameter]) -> [Parameter] {
        var joined: [Parameter] = []
        for parameter in parameters {
            let name = parameter.name.asciiLowerCase
            // vCard 2.1 writes types without their name.
            let values = parameter.values.isEmpty ? [""] : parameter.values
            if let place = joined.firstIndex(where: { $0.name.hasSameBytes(as: name) }) {
                joined[place].values += values
            } else {
                joined.append(Parameter(name: name, values: values))
            }
        }
        return joined
    }

    /// The line without its value, which is `value` in the text form; `defaultType` is what the type is without `VALUE`.
    public func line(value: String, defaultType: String?) -> ContentLine {
        var lineParameters = parameters.map { Parameter(name: $0.name.asciiUpperCase, values: $0.values) }
        if type != "unknown", type != defaultType {
            lineParameters.insert(Parameter(name: "VALUE", values: [type.asciiUpperCase]), at: 0)
        }
        return ContentLine(group: group, name: name.asciiUpperCase, parameters: lineParameters, value: value)
    }
}

extension String {
    /// The text with ASCII capital letters as small ones.
    public var asciiLowerCase: String {
        guard utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return self }
        return String(decoding: utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }, as: UTF8.self)
    }

    /// The text with ASCII small letters as capital ones.
    public var asciiUpperCase: String { String(decoding: utf8.map(\.asciiUpperCase), as: UTF8.self) }
}
