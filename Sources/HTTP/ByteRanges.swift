/// What a `Range` field asks for of a representation (RFC 9110 §14).
public enum ByteRanges: Hashable, Sendable {
    /// All of it: there is no such field, or one that is passed over.
    case whole
    /// These parts, in the order in which they are asked for.
    case parts([Range<Int>])
    /// No byte that there is.
    case unsatisfiable

    /// Parts in one answer, at most; whoever asks for more gets the whole (RFC 9110 §17.15).
    public static let maxParts = 32

    /// Reads a field's value for a representation of `count` bytes.
    ///
    /// - Parameters:
    ///   - text: the value, nil when there is no such field.
    ///   - count: the number of bytes that there are.
    public init(_ text: String?, of count: Int) {
        self = .whole
        guard let text else { return }
        let unitAndSet = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // RFC 9110 §14.2: what is not understood is passed over.
        guard unitAndSet.count == 2, String(unitAndSet[0]).trimmingWhitespace.lowercased() == "bytes" else {
            return
        }
        var parts: [Range<Int>] = []
        var isEmpty = true
        for specification in unitAndSet[1].split(separator: ",") {
            guard let range = Self.range(String(specification).trimmingWhitespace, of: count) else { return }
            isEmpty = false
            if !range.isEmpty { parts.append(range) }
        }
        guard !isEmpty else { return }
        guard !parts.isEmpty else {
            self = .unsatisfiable
            return
        }
        // Ranges that overlap, and many small ones, cost more than the whole (RFC 9110 §14.2).
        guard parts.count <= Self.maxParts, parts.reduce(0, { $0 + $1.count }) <= count else { return }
        self = .parts(parts)
    }

    /// The bytes that one specification means, empty when there are none; nil when it is none.
    private static func range(_ text: String, of count: Int) -> Range<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = number(ends[0]), let last = number(ends[1]) else { return nil }
        switch (first, last) {
        case (nil, nil): return nil
        case (nil, .some(let suffix)): return max(0, count - min(suffix, count))..<count
        case (.some(let first), nil): return min(first, count)..<count
        case (.some(let first), .some(let last)):
            guard first <= last else { return nil }
            return first < count ? first..<min(last, count - 1) + 1 : count..<count
        }
    }

    /// A number; nil in the optional for no digits at all, nil for what is no number.
    private static func number(_ text: Substring) -> Int?? {
        if text.isEmpty { return .some(nil) }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return .some(Int(text) ?? .max)
    }
}
