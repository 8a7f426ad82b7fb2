import ContentLine

extension TypedProperty {
    /// The property of a card of vCard 4.0 that stands in `line` (RFC 7095 §3.3).
    init(card line: ContentLine) {
        let name = line.name.asciiLowerCase
        let type = line.valueType ?? CardPropertyTypes.type(of: name) ?? "unknown"
        var line = line
        line.parameters = line.parameters.map(Self.split)
        self.init(line, type: type, values: Self.values(of: line.value, type, named: name))
    }

    /// RFC 6350 §5.6, §5.9: lists that stand in quotes.
    private static func split(_ parameter: Parameter) -> Parameter {
        guard parameter.isNamed("TYPE") || parameter.isNamed("SORT-AS") else { return parameter }
        return Parameter(
            name: parameter.name,
            values: parameter.values.flatMap { value in
                value.utf8.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
            })
    }

    private static func values(of value: String, _ type: String, named name: String) -> [JSONValue] {
        guard type == "text" else { return [self.value(value, type)] }
        if CardPropertyTypes.lists.contains(name) { return TextValue.list(value).map { .string($0) } }
        guard CardPropertyTypes.structured.contains(name) else {
            return [.string(TextValue.unescaped(value))]
        }
        // RFC 7095 §3.3.1.3: a value of one component is no array.
        let isNested = CardPropertyTypes.nested.contains(name)
        let components = TextValue.structured(value).map { texts -> JSONValue in
            guard isNested, texts.count > 1 else { return .string(texts.joined(separator: ",")) }
            return .array(texts.map { .string($0) })
        }
        return components.count == 1 ? components : [.array(components)]
    }

    private static func value(_ text: String, _ type: String) -> JSONValue {
        switch type {
        case "date", "date-time", "date-and-or-time", "timestamp":
            .string(ExtendedForm.extended(dateTime: text))
        case "time": .string(ExtendedForm.extended(time: text))
        case "utc-offset": .string(ExtendedForm.extended(offset: text))
        case "integer", "float": JSONValue(number: text) ?? .string(text)
        case "boolean":
            text.isName("TRUE") ? .bool(true) : text.isName("FALSE") ? .bool(false) : .string(text)
        default: .string(text)
        }
    }

    /// The property as it stands in a card.
    ///
    /// - Throws: `TypedPropertyError` for values that the type cannot have.
    func cardLine() throws(TypedPropertyError) -> ContentLine {
        var texts: [String] = []
        for value in values { texts.append(try text(of: value)) }
        var line = self.line(
            value: texts.joined(separator: ","), defaultType: CardPropertyTypes.type(of: name) ?? "unknown")
        line.parameters = line.parameters.map { parameter in
            if parameter.isNamed("SORT-AS") {
                return Parameter(name: parameter.name, values: [parameter.values.joined(separator: ",")])
            }
            guard parameter.isNamed("VALUE") else { return parameter }
            return Parameter(name: parameter.name, values: parameter.values.map(\.asciiLowerCase))
        }
        return line
    }

    private func text(of value: JSONValue) throws(TypedPropertyError) -> String {
        if type == "text", case .array(let components) = value {
            return TextValue.value(
                structured: components.map { ($0.elements ?? [$0]).compactMap(\.text) })
        }
        guard let text = value.text else {
            throw TypedPropertyError("\(name) has a value that \(type) cannot have")
        }
        switch type {
        case "text": return TextValue.escaped(text)
        case "date", "date-time", "date-and-or-time", "timestamp":
            return ExtendedForm.basic(dateTime: text)
        case "time": return ExtendedForm.basic(time: text)
        case "utc-offset": return ExtendedForm.basic(offset: text)
        default: return text
        }
    }
}
