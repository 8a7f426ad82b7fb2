extension String {
    /// Whether the name is `upperCase` but for the case of ASCII letters.
    ///
    /// Names of properties, parameters and components are compared so (RFC 5545 §1.3, RFC 6350 §3.3).
    /// `upperCase` has no lower-case ASCII letters.
    public func isName(_ upperCase: String) -> Bool {
        let own = utf8.span
        let other = upperCase.utf8.span
        guard own.count == other.count else { return false }
        for index in own.indices where own[index].asciiUpperCase != other[index] { return false }
        return true
    }

    /// Whether both are the same name, in whichever case each is written.
    public func isSameName(as other: String) -> Bool {
        utf8.count == other.utf8.count
            && utf8.elementsEqual(other.utf8) { $0.asciiUpperCase == $1.asciiUpperCase }
    }

    /// The text without spaces and tabs around it.
    public var trimmingBlanks: String {
        let isBlank: (UInt8) -> Bool = { $0 == .space || $0 == .tab }
        guard let first = utf8.first, let last = utf8.last, isBlank(first) || isBlank(last) else {
            return self
        }
        guard let start = utf8.firstIndex(where: { !isBlank($0) }),
            let end = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: utf8[start...end], as: UTF8.self)
    }

    /// Whether both texts have the same UTF-8 bytes; `==` also joins canonically equivalent ones.
    public func hasSameBytes(as other: String) -> Bool {
        let (own, other) = (utf8.span, other.utf8.span)
        guard own.count == other.count else { return false }
        for index in own.indices where own[index] != other[index] { return false }
        return true
    }
}

extension UInt8 {
    /// The byte, or the upper-case letter when it is a lower-case ASCII letter.
    public var asciiUpperCase: UInt8 {
        self >= 0x61 && self <= 0x7A ? self & 0xDF : self
    }

    /// Whether the byte continues a UTF-8 sequence (RFC 3629 §3).
    var continuesUTF8: Bool { self & 0xC0 == 0x80 }
}
