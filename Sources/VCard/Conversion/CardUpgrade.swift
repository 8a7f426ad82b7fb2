import ContentLine

/// Makes the properties of vCard 4.0 from those of 3.0 (RFC 6350 appendix A).
struct CardUpgrade {
    /// The properties of a card in vCard 4.0.
    static func properties(of older: [ContentLine]) -> [ContentLine] {
        var upgrade = CardUpgrade()
        for line in older { upgrade.add(line) }
        upgrade.addLabels()
        upgrade.addSortString()
        upgrade.addFormattedName()
        return upgrade.lines
    }

    // RFC 6350 §6.7.9: the version comes first.
    private var lines = [ContentLine(name: "VERSION", value: "4.0")]
    /// `LABEL` properties, and where the address before each is.
    private var labels: [(line: ContentLine, place: Int?)] = []
    private var sortString: ContentLine?

    private mutating func add(_ line: ContentLine) {
        let name = ConversionNames.newer(line.name).asciiUpperCase
        switch name {
        case "VERSION", "PROFILE": return
        case "LABEL":
            let before = lines.indices.last.flatMap { lines[$0].isNamed("ADR") ? $0 : nil }
            labels.append((line, before))
            return
        case "SORT-STRING":
            sortString = line
            return
        default: break
        }
        if let scheme = ConversionNames.messengers[name] { return addMessenger(line, scheme) }
        // What 4.0 can say and 3.0 cannot.
        let renamed = ["X-BDAY": "BDAY", "X-GEO": "GEO"][name] ?? name
        guard !ConversionNames.single.contains(renamed) || !lines.contains(where: { $0.isNamed(renamed) })
        else { return }
        lines.append(Self.upgraded(line, as: renamed))
    }

    /// The line with its parameters in the new form; `types` and the type of the value are given where they changed.
    private static func made(
        _ line: ContentLine, as name: String, types: [String]? = nil, valueType: String? = nil,
        adding added: [Parameter] = [], value: String? = nil
    ) -> ContentLine {
        var types = types ?? line.types
        let isPreferred = types.take("PREF")
        var parameters: [Parameter] = []
        if let valueType { parameters.append(Parameter(name: "VALUE", values: [valueType])) }
        if name == "EMAIL" { _ = types.take("INTERNET") }
        if !types.isEmpty { parameters.append(Parameter(name: "TYPE", values: types)) }
        var others = line.otherParameters.map {
            Parameter(name: ConversionNames.newer(parameter: $0.name), values: $0.values)
        }
        // RFC 6350 §5.3; what 4.0 said before counts more than the flag of 3.0.
        if isPreferred, !others.contains(where: { $0.isNamed("PREF") }) {
            parameters.append(Parameter(name: "PREF", values: ["1"]))
        }
        others.removeAll { $0.isNamed("CHARSET") || $0.isNamed("X-APPLE-OMIT-YEAR") }
        return ContentLine(
            group: line.group, name: name.isSameName(as: line.name) ? line.name : name,
            parameters: parameters + added + others,
            value: value ?? line.value)
    }

    private static func upgraded(_ line: ContentLine, as name: String) -> ContentLine {
        if let kind = MediaValue.kinds[name] { return media(line, as: name, kind) }
        switch name {
        case "BDAY", "ANNIVERSARY", "DEATHDATE":
            let year = line.parameter("X-APPLE-OMIT-YEAR")?.values.first
            guard line.valueType != "text", let value = ConversionDates.newer(line.value, omitting: year)
            else { return made(line, as: name, valueType: "text") }
            return made(line, as: name, value: value)
        case "REV": return made(line, as: name, value: ConversionDates.timestamp(line.value))
        case "GEO":
            let parts = line.value.utf8.split(separator: UInt8(ascii: ";")).map {
                String(decoding: $0, as: UTF8.self).trimmingBlanks
            }
            return made(
                line, as: name, value: parts.count == 2 ? "geo:\(parts[0]),\(parts[1])" : line.value)
        case "TZ":
            if line.valueType == nil, let first = line.value.utf8.first, first == 0x2B || first == 0x2D {
                return made(
                    line, as: name, valueType: "utc-offset", value: ExtendedForm.basic(offset: line.value))
            }
            return made(line, as: name, valueType: line.valueType == "uri" ? "uri" : nil)
        case "GENDER": return made(line, as: name, value: gender(line.value))
        case "UID":
            // RFC 6350 §6.7.6: a UID is a URI if nothing else is said.
            let isURI = line.value.utf8.contains(UInt8(ascii: ":"))
            return made(line, as: name, valueType: isURI ? nil : "text")
        case "AGENT":
            // RFC 6350 §6.6.6.
            return made(
                line, as: "RELATED", types: ["agent"] + line.types,
                valueType: line.valueType == "uri" ? nil : "text")
        case "URL", "SOURCE", "IMPP", "FBURL", "CALURI", "CALADRURI", "MEMBER", "RELATED":
            return made(line, as: name, valueType: line.valueType == "uri" ? nil : line.valueType)
        default:
            // RFC 2426 §4: types of values that 4.0 does not know.
            let known = line.valueType.flatMap {
                ["phone-number", "vcard", "binary"].contains($0) ? nil : $0
            }
            return made(line, as: name, valueType: known)
        }
    }

    private static func media(_ line: ContentLine, as name: String, _ kind: String) -> ContentLine {
        var types = line.types
        let encoding = line.parameter("ENCODING")?.values.first
        let looksLikeURI =
            MediaValue.parse(dataURI: line.value) != nil || line.value.utf8.starts(with: "http".utf8)
        if encoding == nil, line.valueType == "uri" || line.valueType == nil && looksLikeURI {
            let mediaType = MediaValue.mediaType(from: &types, of: kind)
            let added = mediaType.map { [Parameter(name: "MEDIATYPE", values: [$0])] } ?? []
            return made(line, as: name, types: types, adding: added)
        }
        guard encoding != nil || line.valueType == "binary" || name != "KEY" else {
            return made(line, as: name, valueType: "text")
        }
        let base64 = String(decoding: line.value.utf8.filter { $0 != 0x20 }, as: UTF8.self)
        let mediaType =
            MediaValue.mediaType(from: &types, of: kind) ?? MediaValue.sniffed(base64)
            ?? "application/octet-stream"
        return made(line, as: name, types: types, value: "data:\(mediaType);base64,\(base64)")
    }

    /// RFC 6350 §6.2.7: one letter for the sex, and a text.
    private static func gender(_ value: String) -> String {
        let words = ["MALE": "M", "FEMALE": "F", "OTHER": "O", "NONE": "N", "UNKNOWN": "U"]
        if let letter = words[value.trimmingBlanks.asciiUpperCase] { return letter }
        let first = value.utf8.first.map(\.asciiUpperCase)
        let isSex =
            first.map { "MFONU".utf8.contains($0) } ?? true
            && (value.utf8.count < 2 || value.utf8.dropFirst().first == UInt8(ascii: ";"))
        return isSex || first == UInt8(ascii: ";") ? value : ";" + value
    }

    private mutating func addMessenger(_ line: ContentLine, _ scheme: String) {
        var value = Array("\(scheme):".utf8)
        for byte in line.text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: value.append(byte)
            case _ where "-._~@!$&'()*+,;=:/".utf8.contains(byte): value.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                value += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        let uri = String(decoding: value, as: UTF8.self)
        // Apple's programs write both forms.
        guard !lines.contains(where: { $0.isNamed("IMPP") && $0.value.isSameName(as: uri) }) else { return }
        lines.append(Self.made(line, as: "IMPP", value: uri))
    }

    /// Hangs each label on an address with the same types: the one before it, else the first without a label, else one that
    /// says nothing but this (RFC 6350 §6.3.1).
    private mutating func addLabels() {
        for (label, before) in labels {
            let types = Self.addressTypes(label)
            let candidates = (before.map { [$0] } ?? []) + lines.indices
            let place = candidates.first { index in
                lines[index].isNamed("ADR") && lines[index].parameter("LABEL") == nil
                    && Self.addressTypes(lines[index]) == types
            }
            let parameter = Parameter(name: "LABEL", values: [label.text])
            if let place {
                lines[place].parameters.append(parameter)
            } else {
                lines.append(Self.made(label, as: "ADR", adding: [parameter], value: ";;;;;;"))
            }
        }
    }

    private static func addressTypes(_ line: ContentLine) -> Set<String> {
        Set(line.types.map(\.asciiLowerCase)).subtracting(["pref"])
    }

    /// RFC 6350 §5.9.
    private mutating func addSortString() {
        guard let sortString else { return }
        guard let place = lines.firstIndex(where: { $0.isNamed("N") }) else {
            lines.append(Self.made(sortString, as: "X-SORT-STRING"))
            return
        }
        lines[place].parameters.append(Parameter(name: "SORT-AS", values: [sortString.text]))
    }

    /// RFC 6350 §6.2.1: there must be a name to show.
    private mutating func addFormattedName() {
        guard !lines.contains(where: { $0.isNamed("FN") }) else { return }
        let name = lines.first { $0.isNamed("N") }.map { TextValue.structured($0.value) } ?? []
        let order = [3, 1, 2, 0, 4]
        let words = order.filter { $0 < name.count }.flatMap { name[$0] }.filter { !$0.isEmpty }
        let organization = lines.first { $0.isNamed("ORG") }.map {
            TextValue.structured($0.value).first ?? []
        }
        let text = words.isEmpty ? organization?.joined(separator: " ") ?? "" : words.joined(separator: " ")
        lines.insert(ContentLine(name: "FN", text: text), at: 1)
    }
}
