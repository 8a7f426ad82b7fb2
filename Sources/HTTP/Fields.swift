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
            for index in lines.indices where Self.same(lines[index].name, name) {
                let value = lines[index].value
                found = found.map { "\($0), \(value)" } ?? value
            }
            return found
        }
        set {
            if lines.contains(where: { Self.same($0.name, name) }) {
                lines.removeAll { Self.same($0.name, name) }
            }
            if let newValue { lines.append((name: name, value: newValue)) }
        }
    }

    /// Adds a line, whatever is there.
    public mutating func append(_ name: String, _ value: String) {
        lines.append((name: name, value: value))
    }

    private static func same(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.utf8.span, right.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where asciiLower(left[index]) != asciiLower(right[index]) { return false }
        return true
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
        if let first = utf8.first, let last = utf8.last, !isBlank(first), !isBlank(last) { return self }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }),
            let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
