/// An absolute path in the file system, as bytes: names on disk need not be UTF-8.
struct Path: Hashable, CustomStringConvertible {
    /// The bytes with the NUL that C wants at the end.
    let chars: [CChar]

    init(_ text: String) {
        self.chars = text.utf8.map { CChar(bitPattern: $0) } + [0]
    }

    private init(chars: [CChar]) {
        self.chars = chars
    }

    /// Makes a path of bytes that do not yet end in NUL.
    init(bytes: [UInt8]) {
        self.chars = bytes.map { CChar(bitPattern: $0) } + [0]
    }

    var bytes: [UInt8] { chars.dropLast().map { UInt8(bitPattern: $0) } }

    var description: String { String(decoding: bytes, as: UTF8.self) }

    func appending(_ name: String) -> Path {
        appending(bytes: Array(name.utf8))
    }

    func appending(bytes name: [UInt8]) -> Path {
        var joined: [CChar] = []
        joined.reserveCapacity(chars.count + name.count + 1)
        joined.append(contentsOf: chars[..<(chars.count - 1)])
        joined.append(CChar(bitPattern: UInt8(ascii: "/")))
        for byte in name { joined.append(CChar(bitPattern: byte)) }
        joined.append(0)
        return Path(chars: joined)
    }

    /// The path with `suffix` behind its last name.
    func suffixed(_ suffix: String) -> Path {
        Path(bytes: bytes + Array(suffix.utf8))
    }

    /// True when this path is `other` or lies below it; both without links and `..`.
    func isWithin(_ other: Path) -> Bool {
        let prefix = other.chars.dropLast()
        guard chars.starts(with: prefix) else { return false }
        let next = chars[prefix.count]
        return next == 0 || next == CChar(bitPattern: UInt8(ascii: "/"))
    }
}

extension Path {
    /// The directory around this path.
    var parent: Path {
        let bytes = bytes
        let slash = bytes.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return Path(bytes: slash == 0 ? [UInt8(ascii: "/")] : Array(bytes[..<slash]))
    }
}
