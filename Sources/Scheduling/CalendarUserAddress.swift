internal import ContentLine

/// The address of a calendar user: the value of `ORGANIZER` and `ATTENDEE` (RFC 5545 §3.3.3, RFC 6638 §2.4.1).
///
/// Two addresses are equal when they mean the same user: schemes, hosts and, as every mail server in use has it, the
/// names before the `@` are compared without case, percent-encoding is undone, and what follows `?` in a `mailto:` is
/// left out. An address without a scheme but with an `@` is one of mail; one that begins with a slash is a path.
public struct CalendarUserAddress: Hashable, Sendable, CustomStringConvertible {
    /// The address in the form that is compared.
    public let description: String

    /// Reads an address in any of the forms that programs write.
    public init(_ text: String) {
        let trimmed = text.trimmingBlanks
        let lower = Self.lowercased(trimmed.utf8)
        if lower.starts(with: "mailto:".utf8) {
            description = Self.mail(lower.dropFirst(7))
        } else if lower.starts(with: "urn:".utf8) {
            description = String(decoding: lower, as: UTF8.self)
        } else if let path = Self.path(of: trimmed) {
            description = path
        } else if lower.contains(UInt8(ascii: "@")) {
            description = Self.mail(lower[...])
        } else {
            description = String(decoding: lower, as: UTF8.self)
        }
    }

    /// The mail address, nil for another kind of address.
    public var mailAddress: String? {
        guard description.utf8.starts(with: "mailto:".utf8) else { return nil }
        return String(description.utf8.dropFirst(7))
    }

    /// The path of a URL on a server, with a slash at its end; nil for another kind of address.
    public var path: String? {
        description.utf8.first == UInt8(ascii: "/") ? description : nil
    }

    /// Compares the bytes.
    public static func == (left: CalendarUserAddress, right: CalendarUserAddress) -> Bool {
        left.description.hasSameBytes(as: right.description)
    }

    /// Hashes the bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in description.utf8 { hasher.combine(byte) }
    }

    private static func mail(_ text: ArraySlice<UInt8>) -> String {
        let address = text.prefix { $0 != UInt8(ascii: "?") }
        return "mailto:" + String(decoding: lowercased(decoded(address)), as: UTF8.self)
    }

    /// The path of a URL or of a path: a host is whatever a client calls the server.
    private static func path(of text: String) -> String? {
        var rest = Array(text.utf8)[...]
        if let scheme = ["https://", "http://"].first(where: { lowercased(rest).starts(with: $0.utf8) }) {
            rest = rest.dropFirst(scheme.utf8.count).drop { $0 != UInt8(ascii: "/") }
        }
        guard rest.first == UInt8(ascii: "/") else { return nil }
        var path = decoded(rest)
        if path.last != UInt8(ascii: "/") { path.append(UInt8(ascii: "/")) }
        return String(decoding: path, as: UTF8.self)
    }

    private static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    }

    /// Undoes percent-encoding; what is none stays.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard bytes.contains(UInt8(ascii: "%")) else { return Array(bytes) }
        var result: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let high = digit(rest.first),
                let low = digit(rest.dropFirst().first)
            else {
                result.append(byte)
                continue
            }
            result.append(high << 4 | low)
            rest = rest.dropFirst(2)
        }
        return result
    }

    private static func digit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where byte >= 0x30 && byte <= 0x39: byte - 0x30
        case .some(let byte) where byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66: (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }
}
