/// An entity tag (RFC 9110 §8.8.3).
public struct ETag: Hashable, Sendable, CustomStringConvertible {
    /// The text between the quotes.
    public let opaque: String
    /// Whether it was marked as weak (`W/`).
    public let isWeak: Bool

    /// Makes a tag of its text.
    public init(_ opaque: String, isWeak: Bool = false) {
        self.opaque = opaque
        self.isWeak = isWeak
    }

    /// The tag as it stands in a field.
    public var description: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }

    /// Whether a tag sent by a client means this one.
    ///
    /// Web servers that compress a response weaken the tag or add `-gzip`, `-br` or `-zstd` to it; the bytes that the
    /// client edits are the same ones, so such a tag matches (departs from strong comparison, RFC 9110 §8.8.3.2, because
    /// the client would be refused for ever otherwise).
    public func matches(sent: ETag) -> Bool {
        if sent.opaque == opaque { return true }
        return ["-gzip", "-br", "-zstd", ";gzip"].contains { sent.opaque == opaque + $0 }
    }

    /// The tag of what says the same in other bytes.
    public var weakened: ETag { ETag(opaque, isWeak: true) }

    /// What stands in a tag between the state and the name of a representation other than the stored one.
    public static let representationMark = ";as="

    /// The tag of the state alone, whichever representation of it this one is of.
    var ofState: ETag {
        let mark = Array(Self.representationMark.utf8)
        let bytes = Array(opaque.utf8)
        guard bytes.count > mark.count,
            let start = (0...(bytes.count - mark.count)).first(where: { bytes[$0...].starts(with: mark) })
        else { return self }
        return ETag(String(decoding: bytes[..<start], as: UTF8.self), isWeak: isWeak)
    }
}

/// The value of `If-Match` or `If-None-Match` (RFC 9110 §13.1).
public enum ETagList: Hashable, Sendable {
    /// `*`: any current representation.
    case any
    /// Any of these tags; tags without quotes, which some clients send, are taken as they are.
    case tags([ETag])

    /// Reads a field's value.
    public init(_ text: String) {
        let bytes = Array(text.utf8)
        if text.trimmingWhitespace == "*" {
            self = .any
            return
        }
        var tags: [ETag] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == UInt8(ascii: ",") {
                index += 1
                continue
            }
            var isWeak = false
            if bytes[index] == UInt8(ascii: "W"), index + 2 < bytes.count,
                bytes[index + 1] == UInt8(ascii: "/")
            {
                isWeak = true
                index += 2
            }
            let quoted = bytes[index] == UInt8(ascii: "\"")
            let start = quoted ? index + 1 : index
            let stop = quoted ? UInt8(ascii: "\"") : UInt8(ascii: ",")
            let end =
                start < bytes.count ? (bytes[start...].firstIndex(of: stop) ?? bytes.count) : bytes.count
            let opaque = String(decoding: bytes[min(start, end)..<end], as: UTF8.self)
            tags.append(ETag(quoted ? opaque : opaque.trimmingWhitespace, isWeak: isWeak))
            index = end + 1
        }
        self = .tags(tags)
    }

    /// Whether the state that `current` is of, nil when there is none, is that of one of them.
    ///
    /// Whoever edits an object may have it in any representation.
    func containsState(of current: ETag?) -> Bool {
        if contains(current) { return true }
        guard let state = current?.ofState, case .tags(let tags) = self else { return false }
        return tags.contains { state.matches(sent: $0.ofState) }
    }

    /// Whether who has one of them has `current` as well as can be.
    ///
    /// A weak one may stand for several forms of the same; who has a strong one has but the form that this is of.
    func isUpToDate(with current: ETag?) -> Bool {
        guard case .tags(let tags) = self, let current, current.isWeak else { return contains(current) }
        return tags.contains { $0.isWeak && current.matches(sent: $0) }
    }

    /// Whether `current`, nil when there is no representation, is among them.
    public func contains(_ current: ETag?) -> Bool {
        guard let current else { return false }
        switch self {
        case .any: return true
        case .tags(let tags): return tags.contains { current.matches(sent: $0) }
        }
    }
}
