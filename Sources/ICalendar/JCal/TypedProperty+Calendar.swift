import ContentLine

extension TypedProperty {
    /// The property of a calendar that stands in `line` (RFC 7265 §3.4).
    ///
    /// A value that is not what its type says stands as it is written.
    init(calendar line: ContentLine) {
        let name = line.name.asciiLowerCase
        let type = Self.type(of: line, named: name)
        self.init(line, type: type, values: Self.values(of: line.value, type, named: name))
    }

    /// The type that `VALUE` names, else the property's own; RFC 7265 §5.1: without either it is not known.
    private static func type(of line: ContentLine, named name: String) -> String {
        if let value = line.parameter("VALUE")?.values.first, !value.isEmpty { return value.asciiLowerCase }
        let type = PropertyTypes.entry(name)?.type ?? "unknown"
        // Dates without VALUE=DATE are seen, and mean what they look like.
        switch type {
        case "date-time" where line.value.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 == 0x2C }):
            return line.value.isEmpty ? type : "date"
        case "date-time" where line.value.utf8.contains(UInt8(ascii: "/")): return "period"
        case "duration" where name == "trigger" && DateTimeValue(line) != nil: return "date-time"
        default: return type
        }
    }

    private static func values(of value: String, _ type: String, named name: String) -> [JSONValue] {
        switch name {
        case "geo" where type == "float":
            // RFC 7265 §3.4.1.2.
            let parts = value.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            let numbers = parts.compactMap { JSONValue(number: String(decoding: $0, as: UTF8.self)) }
            return parts.count == 2 && numbers.count == 2 ? [.array(numbers)] : [.string(value)]
        case "request-status" where type == "text":
            return [.array(TextValue.structured(value).map { .string($0.joined(separator: ",")) })]
        default: break
        }
        if type == "text" {
            guard PropertyTypes.lists.contains(name) else { return [.string(TextValue.unescaped(value))] }
            return TextValue.list(value).map { .string($0) }
        }
        guard PropertyTypes.lists.contains(name) else { return [self.value(value, type)] }
        let parts = value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return parts.map { self.value(String(decoding: $0, as: UTF8.self), type) }
    }

    private static func value(_ text: String, _ type: String) -> JSONValue {
        switch type {
        case "date", "date-time": return .string(ExtendedForm.extended(dateTime: text))
        case "time": return .string(ExtendedForm.extended(time: text))
        case "utc-offset": return .string(ExtendedForm.extended(offset: text))
        case "integer", "float": return JSONValue(number: text) ?? .string(text)
        case "boolean":
            return text.isName("TRUE") ? .bool(true) : text.isName("FALSE") ? .bool(false) : .string(text)
        case "period":
            // RFC 7265 §3.6.9.
            let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                .map { String(decoding: $0, as: UTF8.self) }
            guard parts.count == 2 else { return .string(text) }
            let isDuration = parts[1].utf8.contains(UInt8(ascii: "P"))
            return .array([
                .string(ExtendedForm.extended(dateTime: parts[0])),
                .string(isDuration ? parts[1] : ExtendedForm.extended(dateTime: parts[1])),
            ])
        case "recur": return RecurParts.json(text)
        default: return .string(text)
        }
    }
}

extension TypedProperty {
    /// The property as it stands in a calendar.
    ///
    /// - Throws: `TypedPropertyError` for values that the type cannot have.
    func calendarLine() throws(TypedPropertyError) -> ContentLine {
        var texts: [String] = []
        for value in values { texts.append(try text(of: value)) }
        let entry = PropertyTypes.entry(name)
        return line(
            value: texts.joined(separator: ","),
            defaultType: entry?.isAlwaysNamed == true ? nil : entry?.type ?? "unknown")
    }

    private func text(of value: JSONValue) throws(TypedPropertyError) -> String {
        switch (name, type, value) {
        case ("geo", "float", .array(let parts)):
            return parts.compactMap(\.text).joined(separator: ";")
        case ("request-status", "text", .array(let parts)):
            return TextValue.value(structured: parts.compactMap(\.text).map { [$0] })
        case (_, "period", .array(let parts)):
            let texts = parts.compactMap(\.text)
            guard parts.count == 2, texts.count == 2 else { break }
            let isDuration = texts[1].utf8.contains(UInt8(ascii: "P"))
            return ExtendedForm.basic(dateTime: texts[0]) + "/"
                + (isDuration ? texts[1] : ExtendedForm.basic(dateTime: texts[1]))
        case (_, "recur", .object(let members)): return try RecurParts.text(members)
        default: break
        }
        guard let text = value.text else {
            throw TypedPropertyError("\(name) has a value that \(type) cannot have")
        }
        switch type {
        case "text": return TextValue.escaped(text)
        case "date", "date-time": return ExtendedForm.basic(dateTime: text)
        case "time": return ExtendedForm.basic(time: text)
        case "utc-offset": return ExtendedForm.basic(offset: text)
        default: return text
        }
    }
}
