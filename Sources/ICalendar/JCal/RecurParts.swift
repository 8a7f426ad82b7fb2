import ContentLine

/// Recurrence rules as objects, `{"freq":"YEARLY","byday":["-1SU","2MO"]}` (RFC 7265 §3.6.10).
enum RecurParts {
    /// The object of a rule's text; what is not a rule stays a text.
    static func json(_ text: String) -> JSONValue {
        var members: [JSONValue.Member] = []
        for part in text.utf8.split(separator: UInt8(ascii: ";")) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { return .string(text) }
            let name = String(decoding: part[..<equals], as: UTF8.self).trimmingBlanks.asciiLowerCase
            guard !name.isEmpty else { return .string(text) }
            let values = part[part.index(after: equals)...]
                .split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
                .map { value(String(decoding: $0, as: UTF8.self).trimmingBlanks, of: name) }
            members.append(JSONValue.Member(name, values.count == 1 ? values[0] : .array(values)))
        }
        return members.isEmpty ? .string(text) : .object(members)
    }

    private static func value(_ text: String, of name: String) -> JSONValue {
        switch name {
        case "until": return .string(ExtendedForm.extended(dateTime: text))
        case "count", "interval", "bysecond", "byminute", "byhour", "bymonthday", "byyearday", "byweekno",
            "bymonth", "bysetpos":
            // RFC 7529 §4.2: a leap month, 5L, is no number.
            return JSONValue(number: text) ?? .string(text)
        default: return .string(text)
        }
    }

    /// The text of a rule.
    ///
    /// - Throws: `TypedPropertyError` for a part that is no text.
    static func text(_ members: [JSONValue.Member]) throws(TypedPropertyError) -> String {
        var parts: [String] = []
        for member in members {
            let values = (member.value.elements ?? [member.value]).compactMap(\.text)
            guard !values.isEmpty else {
                throw TypedPropertyError("the part \(member.name) of a rule has no value")
            }
            let isUntil = member.name.isName("UNTIL")
            let texts = values.map { isUntil ? ExtendedForm.basic(dateTime: $0) : $0 }
            parts.append(member.name.asciiUpperCase + "=" + texts.joined(separator: ","))
        }
        return parts.joined(separator: ";")
    }
}
