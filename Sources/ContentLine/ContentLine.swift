/// A property as it stands in a calendar or a card: one logical line (RFC 5545 §3.1, RFC 6350 §3.3).
///
/// A line that was read keeps its bytes, folding and line ending included, until it is changed. Two lines are
/// equal when their group, name, parameters and value have the same bytes, however they are folded.
public struct ContentLine: Hashable, Sendable {
    /// The group of a vCard property, as written: `item1` in `item1.EMAIL` (RFC 6350 §3.3).
    public var group: String? { didSet { original = nil } }
    /// The name as written; compare with `isNamed`.
    public var name: String { didSet { original = nil } }
    /// The parameters, in order.
    public var parameters: [Parameter] { didSet { original = nil } }
    /// The value, unfolded and still escaped.
    public var value: String { didSet { original = nil } }

    /// The bytes it was read from, with the line ending and the empty lines that followed.
    var original: ArraySlice<UInt8>?

    /// Where it begins in the bytes it was read from; nil once it is changed, or if it was not read.
    public var sourceOffset: Int? { original?.startIndex }

    /// Makes a line; `value` is already escaped as its value type asks.
    public init(group: String? = nil, name: String, parameters: [Parameter] = [], value: String) {
        self.group = group
        self.name = name
        self.parameters = parameters
        self.value = value
    }

    /// Makes a line with a TEXT value, which is escaped here (RFC 5545 §3.3.11).
    public init(group: String? = nil, name: String, parameters: [Parameter] = [], text: String) {
        self.init(group: group, name: name, parameters: parameters, value: TextValue.escaped(text))
    }

    /// The value as TEXT, with its escapes undone (RFC 5545 §3.3.11, RFC 6350 §3.4).
    public var text: String { TextValue.unescaped(value) }

    /// Whether the name is `upperCaseName` but for the case of ASCII letters.
    public func isNamed(_ upperCaseName: String) -> Bool {
        name.isName(upperCaseName)
    }

    /// The first parameter of that name.
    public func parameter(_ upperCaseName: String) -> Parameter? {
        parameters.first { $0.isNamed(upperCaseName) }
    }

    /// Whether group, name, parameters and value have the same bytes.
    public static func == (left: ContentLine, right: ContentLine) -> Bool {
        let sameGroup =
            switch (left.group, right.group) {
            case (nil, nil): true
            case (let one?, let other?): one.hasSameBytes(as: other)
            default: false
            }
        return sameGroup && left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
            && left.parameters == right.parameters
    }

    /// Hashes the name and the beginning of the value.
    public func hash(into hasher: inout Hasher) {
        for byte in name.utf8 { hasher.combine(byte) }
        hasher.combine(value.utf8.count)
        for byte in value.utf8.prefix(64) { hasher.combine(byte) }
    }
}
