extension XMLWriter {
    /// Makes a writer of a piece of a document: it writes no XML declaration.
    public init() {
        self.init(inside: XMLWriter(prefixes: []))
    }

    /// Writes an element with all in it, such that it means the same wherever it stands: it declares every namespace
    /// that it uses, under the prefixes that it came with, also those that only a text or the value of an attribute
    /// may use.
    ///
    /// - Parameters:
    ///   - element: the element.
    ///   - declarations: namespace declarations of the elements around it, the outermost first.
    public mutating func selfContained(
        _ element: XMLElement, inScope declarations: [(prefix: String, uri: String)] = []
    ) {
        var element = element
        element.declarations = declarations + element.declarations
        selfContained(element, scope: [:], isOutermost: true)
    }

    private mutating func selfContained(_ element: XMLElement, scope: [String: String], isOutermost: Bool) {
        var scope = scope
        var news: [String: String] = [:]
        for (prefix, uri) in element.declarations where prefix != "xml" && (prefix.isEmpty || !uri.isEmpty) {
            if scope[prefix] != uri || isOutermost { news[prefix] = uri }
            scope[prefix] = uri
        }
        let uri = element.name.namespace.uri
        var tag = element.name.local
        if scope[""] ?? "" != uri {
            if !uri.isEmpty, let prefix = Self.prefix(of: uri, in: scope) {
                tag = prefix + ":" + tag
            } else {
                scope[""] = uri
                news[""] = uri
            }
        }
        var attributes: [(name: String, value: String)] = []
        for attribute in element.attributes {
            let namespace = attribute.name.namespace
            var name = attribute.name.local
            if namespace == .xml {
                name = "xml:" + name
            } else if namespace != .none {
                let prefix = Self.prefix(of: namespace.uri, in: scope) ?? Self.freePrefix(in: scope)
                if scope[prefix] == nil {
                    scope[prefix] = namespace.uri
                    news[prefix] = namespace.uri
                }
                name = prefix + ":" + name
            }
            attributes.append((name: name, value: attribute.value))
        }
        append("<" + tag)
        for (prefix, uri) in news.sorted(by: { $0.key < $1.key }) {
            attribute(prefix.isEmpty ? "xmlns" : "xmlns:" + prefix, uri)
        }
        for (name, value) in attributes { attribute(name, value) }
        guard !element.children.isEmpty else { return append("/>" as String) }
        append(">" as String)
        for child in element.children {
            switch child {
            case .element(let inner): selfContained(inner, scope: scope, isOutermost: false)
            case .text(let text): self.text(text.utf8)
            }
        }
        append("</" + tag + ">")
    }

    private static func prefix(of uri: String, in scope: [String: String]) -> String? {
        scope.filter { !$0.key.isEmpty && $0.value == uri }.keys.min()
    }

    private static func freePrefix(in scope: [String: String]) -> String {
        var number = 0
        while scope["n\(number)"] != nil { number += 1 }
        return "n\(number)"
    }
}
