internal import ContentLine

/// What a trusted mail server found out about the sender of a mail (RFC 8601).
enum AuthenticationResults {
    /// What the fields say together about a domain.
    enum Verdict: Hashable {
        case pass, fail, unknown
    }

    /// Reads the fields of hosts that are trusted.
    ///
    /// DMARC decides (RFC 7489); where nobody looked for it, a DKIM signature or an SPF result of the domain itself does.
    static func verdict(_ fields: [String], trusting hosts: [String], domain: String) -> Verdict {
        var verdict = Verdict.unknown
        for field in fields {
            let parts = withoutComments(field).split(separator: ";").map {
                $0.split { $0 == " " || $0 == "\t" }
            }
            guard let host = parts.first?.first, hosts.contains(where: { String(host).isSameName(as: $0) })
            else { continue }
            for part in parts.dropFirst() {
                guard let first = part.first, let (method, result) = pair(first) else { continue }
                var values: [String: String] = [:]
                for word in part.dropFirst() {
                    if let (name, value) = pair(word) { values[name] = value }
                }
                switch (method, result) {
                case ("dmarc", "pass"):
                    if values["header.from"].map({ isWithin($0, domain) }) ?? true { return .pass }
                case ("dmarc", "fail"): return .fail
                case ("dkim", "pass"):
                    let signer = values["header.d"] ?? values["header.i"].map(self.domain)
                    if let signer, isWithin(domain, signer) { verdict = .pass }
                case ("spf", "pass"):
                    if let sender = values["smtp.mailfrom"].map(self.domain), isWithin(domain, sender) {
                        verdict = .pass
                    }
                default: break
                }
            }
        }
        return verdict
    }

    private static func pair(_ word: Substring) -> (String, String)? {
        guard let equals = word.firstIndex(of: "=") else { return nil }
        let value = word[word.index(after: equals)...].filter { $0 != "\"" }
        return (word[..<equals].lowercased(), value.lowercased())
    }

    private static func domain(_ address: String) -> String {
        address.split(separator: "@").last.map(String.init) ?? address
    }

    /// Whether a domain is another one or below it.
    private static func isWithin(_ domain: String, _ other: String) -> Bool {
        let (domain, other) = (domain.lowercased(), other.lowercased())
        return domain.hasSameBytes(as: other)
            || domain.utf8.reversed().starts(with: ("." + other).utf8.reversed())
    }

    private static func withoutComments(_ text: String) -> String {
        var depth = 0
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth = max(0, depth - 1)
            case 0x0a, 0x0d: bytes.append(0x20)
            default: if depth == 0 { bytes.append(byte) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
