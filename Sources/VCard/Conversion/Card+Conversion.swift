import ContentLine

extension Card {
    /// The card in another version; nil when the card is in none that can be converted.
    ///
    /// What only one of vCard 3.0 (RFC 2426) and 4.0 (RFC 6350) knows has a name that begins with `X-` in the other, and gets
    /// its own back on the way back. A card that is in the version already stays as it is.
    public func converted(to version: Version) -> Card? {
        guard let own = self.version else { return nil }
        switch (own, version) {
        case (.v3_0, .v3_0), (.v4_0, .v4_0): return self
        case (.v3_0, .v4_0): return Card(properties: CardUpgrade.properties(of: properties))
        case (.v4_0, .v3_0): return Card(properties: CardDowngrade.properties(of: properties))
        default: return nil
        }
    }
}

extension ContentLine {
    /// The types of the property: the values of `TYPE`, however they are listed, and parameters without a name.
    var types: [String] {
        parameters.flatMap { parameter -> [String] in
            if parameter.values.isEmpty { return [parameter.name] }
            guard parameter.isNamed("TYPE") else { return [] }
            // RFC 6350 §5.6 has examples with the whole list in quotes.
            return parameter.values.flatMap { value in
                value.utf8.split(separator: UInt8(ascii: ",")).map {
                    String(decoding: $0, as: UTF8.self).trimmingBlanks
                }
            }
        }
    }

    /// The type of the value that `VALUE` names, in lower case.
    var valueType: String? { parameter("VALUE")?.values.first?.asciiLowerCase }

    /// The parameters but for those that are told apart: `TYPE`, `VALUE`, `PREF` and `ENCODING`.
    var otherParameters: [Parameter] {
        parameters.filter { parameter in
            !parameter.values.isEmpty
                && !["TYPE", "VALUE", "PREF", "ENCODING"].contains { parameter.isNamed($0) }
        }
    }
}

extension [String] {
    /// Whether a name is among them, in whichever case.
    func hasName(_ upperCaseName: String) -> Bool { contains { $0.isName(upperCaseName) } }

    /// Removes a name, in whichever case, and says whether it was there.
    mutating func take(_ upperCaseName: String) -> Bool {
        let count = self.count
        removeAll { $0.isName(upperCaseName) }
        return self.count < count
    }
}
