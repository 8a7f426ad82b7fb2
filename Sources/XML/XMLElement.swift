/// A piece of an element's content.
public enum XMLNode: Hashable, Sendable {
    /// A child element.
    case element(XMLElement)
    /// Text, as it is after entities are resolved.
    case text(String)
}

/// An element with all in it.
public struct XMLElement: Hashable, Sendable {
    /// The element's name.
    public var name: ElementName
    /// Its attributes in document order, without namespace declarations.
    public var attributes: [(name: ElementName, value: String)]
    /// The namespace declarations that stand on it, by prefix; the empty prefix is the default namespace.
    ///
    /// They matter to content that uses prefixes in text or attribute values only, and do not count in comparisons.
    public var declarations: [(prefix: String, uri: String)] = []
    /// Its content in document order.
    public var children: [XMLNode]

    /// Makes an element of its parts.
    public init(
        _ name: ElementName, attributes: [(name: ElementName, value: String)] = [], children: [XMLNode] = []
    ) {
        self.name = name
        self.attributes = attributes
        self.children = children
    }

    /// Makes an element that has a text.
    public init(_ name: ElementName, text: String) {
        self.init(name, children: text.isEmpty ? [] : [.text(text)])
    }

    /// The child elements in order.
    public var elements: [XMLElement] {
        children.compactMap {
            if case .element(let element) = $0 { element } else { nil }
        }
    }

    /// The first child element of that name.
    public func first(_ name: ElementName) -> XMLElement? {
        for case .element(let element) in children where element.name == name { return element }
        return nil
    }

    /// The child elements of that name, in order.
    public func all(_ name: ElementName) -> [XMLElement] {
        elements.filter { $0.name == name }
    }

    /// The text directly in the element, without that of its children.
    public var text: String {
        var text = ""
        for case .text(let piece) in children { text += piece }
        return text
    }

    /// The value of an attribute without a namespace.
    public func attribute(_ local: String) -> String? {
        attributes.first { $0.name.namespace == .none && $0.name.local == local }?.value
    }

    /// Compares names, attributes and content, all in order.
    public static func == (left: XMLElement, right: XMLElement) -> Bool {
        left.name == right.name && left.children == right.children
            && left.attributes.elementsEqual(right.attributes) { $0.name == $1.name && $0.value == $1.value }
    }

    /// Hashes name and content.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(children)
    }
}
