/// Header fields in order (RFC 9110 §5); names are compared without case.
public struct Fields: Sendable, ExpressibleByDictionaryLiteral {
    private var lines: [(name: String, value: String)] = []

    /// Makes fields of name and value pairs, in order.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.lines = elements.map { (name: $0.0, value: $0.1) }
    }

    /// Makes an empty set of fields.
    public init() {}

    /// All lines in order.
    public var all: [(name: String, value: String)] { lines }

    /// The value of a field, several lines joined by `, ` (RFC 9110 §5.3); setting nil removes it.
    public subscript(name: String) -> String? {
        get {
            var found: String?
            for line in lines where Self.same(line.name, name) {
                found = found.map { "\($0), \(line.value)" } ?? line.value
            }
            return found
        }
        set {
            lines.removeAll { Self.same($0.name, name) }
            if let newValue { lines.append((name: name, value: newValue)) }
        }
    }

    /// Adds a line, whatever is there.
    public mutating func append(_ name: String, _ value: String) {
        lines.append((name: name, value: value))
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count
            && zip(left.utf8, right.utf8).allSatisfy { asciiLower($0) == asciiLower($1) }
    }
}

/// An ASCII capital letter as its small one, any other byte as it is.
@inlinable
public func asciiLower(_ byte: UInt8) -> UInt8 {
    byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}

extension String {
    /// The text without spaces and tabs around it (RFC 9110 §5.6.3).
    public var trimmingWhitespace: String {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }),
            let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
