/// How texts are compared in a search (RFC 4790 §9, RFC 5051; asked for by RFC 4791 §7.5 and RFC 6352 §8.3).
public enum Collation: String, Hashable, Sendable, CaseIterable {
    /// Without the case of ASCII letters; what CalDAV takes if nothing is said (RFC 4790 §9.2).
    case asciiCasemap = "i;ascii-casemap"
    /// Byte by byte (RFC 4790 §9.3).
    case octet = "i;octet"
    /// Without case in any script, and without the ways to encode one character; what CardDAV takes if
    /// nothing is said (RFC 5051).
    case unicodeCasemap = "i;unicode-casemap"

    /// The bytes that stand for `text`: texts are equal, one contains the other and so on when these do.
    public func prepared(_ text: String) -> [UInt8] {
        switch self {
        case .octet:
            return Array(text.utf8)
        case .asciiCasemap:
            return text.utf8.map(\.asciiUpperCase)
        case .unicodeCasemap:
            let utf8 = text.utf8.map(\.asciiUpperCase)
            return utf8.allSatisfy { $0 < 0x80 } ? utf8 : Self.titlecasedCanonicalized(text)
        }
    }

    /// RFC 5051 §2: titlecase, then Normalization Form KD.
    private static func titlecasedCanonicalized(_ text: String) -> [UInt8] {
        let decomposition = Decomposition.shared
        var scalars: [Unicode.Scalar] = []
        scalars.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                scalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value).asciiUpperCase))
            } else {
                decomposition.append(scalar.simpleTitlecase, to: &scalars)
            }
        }
        Decomposition.orderMarks(&scalars)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for scalar in scalars { bytes.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
        return bytes
    }
}

extension Unicode.Scalar {
    /// The titlecase mapping of UnicodeData.txt, which has one character where SpecialCasing.txt may have more.
    fileprivate var simpleTitlecase: Unicode.Scalar {
        let mapping = properties.titlecaseMapping.unicodeScalars
        guard let first = mapping.first, mapping.count == 1 else { return self }
        return first
    }
}
