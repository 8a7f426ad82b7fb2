/// Writes XML as UTF-8, element by element.
///
/// Namespaces with a prefix are declared on the root element; any other one where it is used.
public struct XMLWriter {
    /// What is written and not yet taken.
    public private(set) var bytes: [UInt8] = []
    private let prefixes: [(namespace: Namespace, prefix: String)]
    private var open: [[UInt8]] = []
    /// Written names of the namespaces with a prefix.
    private var known: [ElementName: [UInt8]] = [:]

    /// Makes a writer, and writes the XML declaration.
    public init(prefixes: [(namespace: Namespace, prefix: String)]) {
        self.prefixes = prefixes
        append(#"<?xml version="1.0" encoding="utf-8"?>"# + "\n")
    }

    /// Takes what is written so far, for sending; writing goes on after it.
    public mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        taken.reserveCapacity(bytes.count)
        swap(&taken, &bytes)
        return taken
    }

    /// A point to go back to with `rollBack`.
    public var mark: (bytes: Int, open: Int) { (bytes.count, open.count) }

    /// Forgets what was written since `mark`, which was taken after the last `take`.
    public mutating func rollBack(to mark: (bytes: Int, open: Int)) {
        bytes.removeLast(bytes.count - mark.bytes)
        open.removeLast(open.count - mark.open)
    }

    /// Writes markup as it is: balanced, or balanced together with a later call.
    public mutating func raw(_ markup: StaticString) {
        append(markup)
    }

    /// Writes markup as it is: balanced, or balanced together with a later call.
    public mutating func raw(_ markup: [UInt8]) {
        bytes.append(contentsOf: markup)
    }

    /// Writes text in which nothing has to be escaped.
    public mutating func raw(plain text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Writes what `body` adds to the bytes: markup as it is, or text without anything in it that markup has.
    public mutating func raw(_ body: (_ bytes: inout [UInt8]) -> Void) {
        body(&bytes)
    }

    /// The start and end tags of an element without attributes in another one, for `raw`.
    public func tags(of name: ElementName) -> (start: [UInt8], end: [UInt8]) {
        var writer = XMLWriter(inside: self)
        writer.start(name)
        let start = writer.take()
        writer.end()
        return (start, writer.bytes)
    }

    /// A writer for something inside of the element that is open here, which is written with `raw` later.
    public func inside() -> XMLWriter { XMLWriter(inside: self) }

    /// Makes a writer for a part of what `other` writes, inside of an element.
    init(inside other: XMLWriter) {
        self.prefixes = other.prefixes
        self.open = [[]]
    }

    /// Starts an element.
    public mutating func start(_ name: ElementName, _ attributes: [(name: ElementName, value: String)] = []) {
        let tag = tagName(name)
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: tag)
        declare(name, attributes)
        bytes.append(UInt8(ascii: ">"))
        open.append(tag)
    }

    /// Ends the element started last.
    public mutating func end() {
        guard let tag = open.popLast() else { return }
        append("</")
        bytes.append(contentsOf: tag)
        bytes.append(UInt8(ascii: ">"))
    }

    /// Writes an element without content.
    public mutating func empty(_ name: ElementName, _ attributes: [(name: ElementName, value: String)] = []) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(contentsOf: tagName(name))
        declare(name, attributes)
        append("/>")
    }

    /// Writes an element with a text.
    public mutating func element(_ name: ElementName, text: String) {
        start(name)
        self.text(text.utf8)
        end()
    }

    /// Writes an element with all in it.
    public mutating func element(_ element: XMLElement) {
        guard !element.children.isEmpty else { return empty(element.name, element.attributes) }
        start(element.name, element.attributes)
        for child in element.children {
            switch child {
            case .element(let inner): self.element(inner)
            case .text(let text): self.text(text.utf8)
            }
        }
        end()
    }

    /// Writes text, given in UTF-8.
    ///
    /// A carriage return is written as a reference, since a parser would drop it (XML 1.0 §2.11); a control character,
    /// which XML cannot hold (§2.2), as U+FFFD.
    public mutating func text(_ text: some Sequence<UInt8>) {
        let isWritten: Void? = text.withContiguousStorageIfAvailable { unsafe escape($0) }
        guard isWritten == nil else { return }
        unsafe Array(text).withUnsafeBufferPointer { unsafe escape($0) }
    }

    /// Most text is plain: it is copied in runs.
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        var start = 0
        var index = unsafe PlainText.end(text, from: 0)
        while index < text.count {
            let byte = unsafe text[index]
            if Self.isSpecial(byte) {
                unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
                start = index + 1
                switch byte {
                case UInt8(ascii: "&"): append("&amp;")
                case UInt8(ascii: "<"): append("&lt;")
                case UInt8(ascii: ">"): append("&gt;")
                case 0x0D: append("&#13;")
                default: append("\u{FFFD}")
                }
            }
            index = unsafe PlainText.end(text, from: index + 1)
        }
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20
            ? byte != 0x09 && byte != 0x0A
            : byte == UInt8(ascii: "&") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func tagName(_ name: ElementName) -> [UInt8] {
        if let tag = known[name] { return tag }
        var tag = Array(name.local.utf8)
        if let prefix = prefix(of: name.namespace) { tag = Array(prefix.utf8) + [UInt8(ascii: ":")] + tag }
        if name.namespace == .none || tag.count > name.local.utf8.count { known[name] = tag }
        return tag
    }

    private func prefix(of namespace: Namespace) -> String? {
        prefixes.first { $0.namespace == namespace }?.prefix
    }

    /// Writes the declarations that the element needs, and its attributes.
    private mutating func declare(_ name: ElementName, _ attributes: [(name: ElementName, value: String)]) {
        if open.isEmpty {
            for (namespace, prefix) in prefixes { attribute("xmlns:\(prefix)", namespace.uri) }
        }
        if prefix(of: name.namespace) == nil, name.namespace != .none {
            attribute("xmlns", name.namespace.uri)
        }
        if name.namespace == .none, !open.isEmpty { attribute("xmlns", "") }
        for (index, item) in attributes.enumerated() {
            if item.name.namespace == .none {
                attribute(item.name.local, item.value)
            } else if item.name.namespace == .xml {
                attribute("xml:\(item.name.local)", item.value)
            } else if let prefix = prefix(of: item.name.namespace) {
                attribute("\(prefix):\(item.name.local)", item.value)
            } else {
                attribute("xmlns:a\(index)", item.name.namespace.uri)
                attribute("a\(index):\(item.name.local)", item.value)
            }
        }
    }

    mutating func attribute(_ name: String, _ value: String) {
        bytes.append(UInt8(ascii: " "))
        append(name)
        append("=\"")
        if value.utf8.contains(where: { Self.isSpecial($0) || $0 == UInt8(ascii: "\"") || $0 < 0x20 }) {
            for byte in value.utf8 {
                switch byte {
                case UInt8(ascii: "\""): append("&quot;")
                case 0x09: append("&#9;")
                case 0x0A: append("&#10;")
                default: text(CollectionOfOne(byte))
                }
            }
        } else {
            append(value)
        }
        append("\"")
    }
}
