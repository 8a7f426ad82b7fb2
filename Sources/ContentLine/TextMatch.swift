/// A search for a text in texts (RFC 4791 §9.7.5, RFC 6352 §10.5.4).
///
/// The pattern is prepared once. Whether the condition is negated is for who asks.
public struct TextMatch: Hashable, Sendable {
    /// Where in a text the pattern must be.
    public enum MatchType: String, Hashable, Sendable, CaseIterable {
        /// The texts are equal.
        case equals
        /// Anywhere; the only type in CalDAV, and what CardDAV takes if nothing is said.
        case contains
        /// At the beginning.
        case startsWith = "starts-with"
        /// At the end.
        case endsWith = "ends-with"
    }

    /// How texts are compared.
    public let collation: Collation
    /// Where the pattern must be.
    public let type: MatchType

    private let pattern: [UInt8]
    /// For each length of a match, the longest shorter one that may still become a match.
    private let fallback: [Int]

    /// Prepares a search for `pattern`; the empty pattern is contained in every text.
    public init(_ pattern: String, collation: Collation, type: MatchType = .contains) {
        self.collation = collation
        self.type = type
        self.pattern = collation.prepared(pattern)
        self.fallback = type == .contains ? Self.fallback(of: self.pattern) : []
    }

    /// Whether the pattern is in `text` where it must be.
    ///
    /// - Complexity: Linear in the text, whatever the pattern is.
    public func matches(_ text: String) -> Bool {
        let bytes = collation.prepared(text)
        switch type {
        case .equals: return bytes == pattern
        case .startsWith: return bytes.starts(with: pattern)
        case .endsWith:
            return bytes.count >= pattern.count && bytes.suffix(pattern.count).elementsEqual(pattern)
        case .contains: return isContained(in: bytes)
        }
    }

    /// Whether the pattern is in a text, given as UTF-8, where it must be; the same as for the `String`.
    ///
    /// - Complexity: Linear in the text; nothing is allocated for one in ASCII.
    public func matches(_ text: Span<UInt8>) -> Bool {
        guard type == .contains, collation != .unicodeCasemap || text.isASCII else {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count)
            for index in 0..<text.count { bytes.append(text[index]) }
            return matches(String(decoding: bytes, as: UTF8.self))
        }
        guard !pattern.isEmpty else { return true }
        let (pattern, fallback) = (pattern.span, fallback.span)
        let folds = collation != .octet
        // Most of a text does not even begin to match, whatever the case of its letters is.
        let first = pattern[0]
        let isLetter = first >= UInt8(ascii: "A") && first <= UInt8(ascii: "Z")
        let other = folds && isLetter ? first | 0x20 : first
        var matched = 0
        for index in text.indices {
            let found = text[index]
            if matched == 0 {
                if found != first, found != other { continue }
                matched = 1
            } else {
                let byte = folds ? found.asciiUpperCase : found
                while matched > 0, pattern[matched] != byte { matched = fallback[matched] }
                if pattern[matched] == byte { matched += 1 }
            }
            if matched == pattern.count { return true }
        }
        return false
    }

    /// The search of Knuth, Morris and Pratt.
    private func isContained(in bytes: some Collection<UInt8>) -> Bool {
        guard !pattern.isEmpty else { return true }
        guard bytes.count >= pattern.count else { return false }
        var matched = 0
        for byte in bytes {
            while matched > 0, pattern[matched] != byte { matched = fallback[matched] }
            if pattern[matched] == byte { matched += 1 }
            if matched == pattern.count { return true }
        }
        return false
    }

    private static func fallback(of pattern: [UInt8]) -> [Int] {
        var fallback = [Int](repeating: 0, count: pattern.count + 1)
        var matched = 0
        for index in pattern.indices.dropFirst() {
            while matched > 0, pattern[matched] != pattern[index] { matched = fallback[matched] }
            if pattern[matched] == pattern[index] { matched += 1 }
            fallback[index + 1] = matched
        }
        return fallback
    }
}

extension Span<UInt8> {
    fileprivate var isASCII: Bool {
        var all: UInt8 = 0
        for index in 0..<count { all |= self[index] }
        return all < 0x80
    }
}
