import ContentLine

/// Makes the properties of vCard 3.0 from those of 4.0 (RFC 2426).
struct CardDowngrade {
    /// The properties of a card in vCard 3.0.
    static func properties(of newer: [ContentLine]) -> [ContentLine] {
        var downgrade = CardDowngrade(newer)
        for line in newer where !line.isNamed("VERSION") { downgrade.add(line) }
        downgrade.addName()
        return downgrade.lines
    }

    private var lines = [ContentLine(name: "VERSION", value: "3.0")]
    /// The least `PREF` of the properties of each name.
    private var best: [String: Int] = [:]

    private init(_ newer: [ContentLine]) {
        for line in newer {
            guard let preference = Self.preference(line) else { continue }
            let name = line.name.asciiUpperCase
            best[name] = min(best[name] ?? Int.max, preference)
        }
    }

    private static func preference(_ line: ContentLine) -> Int? {
        line.parameter("PREF")?.values.first.flatMap { Int($0) }
    }

    private mutating func add(_ line: ContentLine) {
        let name = line.name.asciiUpperCase
        if let kind = MediaValue.kinds[name] { return lines.append(media(line, kind)) }
        switch name {
        case "N":
            lines.append(made(line, without: ["SORT-AS"]))
            if let key = line.parameter("SORT-AS") {
                lines.append(ContentLine(name: "SORT-STRING", text: key.values.joined(separator: ",")))
            }
        case "ADR": addAddress(line)
        case "BDAY", "ANNIVERSARY", "DEATHDATE": lines.append(date(line, named: name))
        case "REV":
            lines.append(made(line, value: ExtendedForm.extended(dateTime: line.value), valueType: nil))
        case "GEO":
            // RFC 5870: parameters may follow the place.
            let text = String(decoding: line.value.utf8.dropFirst(4), as: UTF8.self)
            let parts = text.utf8.prefix { $0 != UInt8(ascii: ";") }.split(separator: UInt8(ascii: ","))
            guard line.value.utf8.prefix(4).elementsEqual("geo:".utf8), parts.count >= 2 else {
                return lines.append(made(line, as: "X-GEO"))
            }
            let numbers = parts.prefix(2).map { String(decoding: $0, as: UTF8.self) }
            lines.append(made(line, value: numbers.joined(separator: ";"), valueType: nil))
        case "TZ":
            let isOffset = line.valueType == "utc-offset"
            lines.append(
                made(
                    line, value: isOffset ? ExtendedForm.extended(offset: line.value) : line.value,
                    valueType: isOffset ? nil : line.valueType ?? "text"))
        case "UID": lines.append(made(line, valueType: nil))
        case "TEL":
            // RFC 2426 §3.3.1: a number, not a URI.
            guard line.value.utf8.count > 4,
                String(decoding: line.value.utf8.prefix(4), as: UTF8.self).isName("TEL:")
            else { return lines.append(made(line)) }
            let number = String(decoding: line.value.utf8.dropFirst(4), as: UTF8.self)
            lines.append(made(line, value: TextValue.escaped(number), valueType: nil))
        case "RELATED" where line.types.map(\.asciiLowerCase) == ["agent"]:
            lines.append(
                made(line, as: "AGENT", types: [], valueType: line.valueType == "text" ? nil : "uri"))
        default: lines.append(made(line, as: ConversionNames.older(name)))
        }
    }

    /// The line with its parameters in the old form.
    private func made(
        _ line: ContentLine, as name: String? = nil, types: [String]? = nil, without left: [String] = [],
        adding added: [Parameter] = [], value: String? = nil, valueType: String?
    ) -> ContentLine {
        var types = types ?? line.types
        var parameters: [Parameter] = []
        if let valueType { parameters.append(Parameter(name: "VALUE", values: [valueType])) }
        let preference = Self.preference(line)
        if let preference, preference == best[line.name.asciiUpperCase] { types.append("pref") }
        if !types.isEmpty { parameters.append(Parameter(name: "TYPE", values: types)) }
        if let preference, preference != 1 {
            parameters.append(Parameter(name: "X-PREF", values: [String(preference)]))
        }
        let others = line.otherParameters.filter { parameter in !left.contains { parameter.isNamed($0) } }
        parameters += added
        parameters += others.map {
            Parameter(name: ConversionNames.older(parameter: $0.name), values: $0.values)
        }
        return ContentLine(
            group: line.group, name: name.flatMap { $0.isSameName(as: line.name) ? nil : $0 } ?? line.name,
            parameters: parameters,
            value: value ?? line.value)
    }

    /// The line with its parameters in the old form, and the type of its value as it is.
    private func made(
        _ line: ContentLine, as name: String? = nil, without left: [String] = []
    ) -> ContentLine {
        made(line, as: name, without: left, valueType: line.valueType)
    }

    private func media(_ line: ContentLine, _ kind: String) -> ContentLine {
        if line.valueType == "text" { return made(line) }
        guard let (mediaType, base64) = MediaValue.parse(dataURI: line.value) else {
            let mediaType = line.parameter("MEDIATYPE")?.values.first ?? ""
            let format = MediaValue.format(of: mediaType, kind)
            return made(
                line, types: (format.map { [$0] } ?? []) + line.types, without: ["MEDIATYPE"],
                valueType: "uri")
        }
        let format = MediaValue.format(of: mediaType, kind)
        return made(
            line, types: (format.map { [$0] } ?? []) + line.types, without: ["MEDIATYPE"],
            adding: [Parameter(name: "ENCODING", values: ["b"])], value: base64, valueType: nil)
    }

    private func date(_ line: ContentLine, named name: String) -> ContentLine {
        let older = ConversionNames.older(name)
        let form = line.valueType == "text" ? .other : ConversionDates.older(line.value)
        switch form {
        case .date(let text, let isWithoutYear):
            let added = [Parameter(name: "X-APPLE-OMIT-YEAR", values: [ConversionDates.omittedYear])]
            return made(
                line, as: older, adding: isWithoutYear ? added : [], value: text, valueType: nil)
        case .dateTime(let text): return made(line, as: older, value: text, valueType: "date-time")
        case .other: return made(line, as: "X-" + name)
        }
    }

    /// RFC 2426 §3.2.2: the label is a property of its own; an address that has nothing else is left out.
    private mutating func addAddress(_ line: ContentLine) {
        let label = line.parameter("LABEL")
        if label == nil || line.value.utf8.contains(where: { $0 != UInt8(ascii: ";") }) {
            lines.append(made(line, without: ["LABEL"]))
        }
        guard let label else { return }
        lines.append(
            made(
                line, as: "LABEL", without: ["LABEL"],
                value: TextValue.escaped(label.values.joined(separator: ",")), valueType: nil))
    }

    /// RFC 2426 §3.1.2: there must be a name in parts.
    private mutating func addName() {
        guard !lines.contains(where: { $0.isNamed("N") }) else { return }
        let shown = lines.first { $0.isNamed("FN") }?.text ?? ""
        let place = (lines.firstIndex { $0.isNamed("FN") } ?? 0) + 1
        lines.insert(
            ContentLine(name: "N", value: TextValue.value(structured: [[shown], [""], [""], [""], [""]])),
            at: place)
    }
}
