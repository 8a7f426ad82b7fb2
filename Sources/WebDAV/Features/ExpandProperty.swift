import HTTP
import XML

extension Feature {
    /// The `DAV:expand-property` report (RFC 3253 §3.8).
    public static var expandProperty: Feature {
        Feature(reports: [
            Report(
                .dav("expand-property"), applies: { _ in true },
                handle: { (request, context) throws(DAVError) in
                    let expansion = try Expansion(request, context)
                    let resource = request.resource
                    return context.multistatus { (multistatus) throws(StreamError) in
                        try multistatus.writeResponses { writer in
                            expansion.writeResponse(resource, expansion.root, in: &writer)
                        }
                    }
                })
        ])
    }
}

/// Writes properties whose hrefs are replaced by responses about what they point at.
private struct Expansion {
    /// A `DAV:property` element: a property, and what to tell of the resources that its hrefs point at.
    struct Node {
        let name: ElementName
        let children: [Node]
    }

    let root: [Node]
    let context: Context
    /// Whether properties that a resource lacks go unmentioned (RFC 8144 §2.1).
    private let hidesMissing: Bool
    private let budget = Budget()

    /// What is left of the responses that one request can ask for.
    private final class Budget {
        var responses = 10_000
    }

    /// Levels of nesting that are followed: a bound on what one request can ask for.
    private static let maxDepth = 8

    init(_ request: ReportRequest, _ context: Context) throws(DAVError) {
        self.context = context
        self.hidesMissing = Prefer(request.fields).returnMinimal
        self.root = try Self.nodes(in: request.body, depth: 0)
    }

    /// Whether an element of the answer can be called so (Namespaces in XML 1.0 §3, NCName).
    private static func isElementName(_ text: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
        }
        let isPlausible =
            text.utf8.first.map(isLetter) ?? false
            && text.utf8.allSatisfy { byte in
                isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: ".")
            }
        guard isPlausible, text.utf8.contains(where: { $0 >= 0x80 }) else { return isPlausible }
        // Which letters of other scripts are in names is for the parser to say, which differ in it.
        do {
            return try XMLReader.parse(Array("<\(text)/>".utf8)).name.local.utf8.elementsEqual(text.utf8)
        } catch {
            return false
        }
    }

    private static func nodes(in element: XMLElement, depth: Int) throws(DAVError) -> [Node] {
        guard depth < maxDepth else {
            throw DAVError(.badRequest, message: "The properties are nested too deeply.")
        }
        var nodes: [Node] = []
        for property in element.all(.dav("property")) {
            guard let name = property.attribute("name"), isElementName(name) else {
                throw DAVError(.badRequest, message: "A property needs the name of an element.")
            }
            // RFC 3253 §3.8: the namespace defaults to DAV:.
            let namespace = Namespace(property.attribute("namespace") ?? "DAV:")
            nodes.append(
                Node(
                    name: ElementName(namespace, name),
                    children: try Self.nodes(in: property, depth: depth + 1)))
        }
        return nodes
    }

    func writeResponse(_ resource: Resource, _ nodes: [Node], in writer: inout XMLWriter) {
        writer.start(.dav("response"))
        writer.element(.href, text: resource.href)
        var missing: [ElementName] = []
        writer.start(.dav("propstat"))
        writer.start(.prop)
        for node in nodes where !write(node, of: resource, in: &writer) { missing.append(node.name) }
        writer.end()
        writeStatus(.ok, in: &writer)
        writer.end()
        if !missing.isEmpty, !hidesMissing {
            writer.start(.dav("propstat"))
            writer.start(.prop)
            for name in missing { writer.empty(name) }
            writer.end()
            writeStatus(.notFound, in: &writer)
            writer.end()
        }
        writer.end()
    }

    private func write(_ node: Node, of resource: Resource, in writer: inout XMLWriter) -> Bool {
        guard let property = context.features.property(node.name) else {
            return writeDead(node.name, of: resource, in: &writer)
        }
        let mark = writer.mark
        let question = PropertyQuestion(resource: resource, request: XMLElement(node.name), context: context)
        do {
            if node.children.isEmpty {
                let languages = PropertyLanguages(of: resource)
                let language = languages[node.name].map { [(name: ElementName(.xml, "lang"), value: $0)] }
                writer.start(node.name, language ?? [])
                if try property.read(question, &writer) {
                    writer.end()
                    return true
                }
            } else if let value = context.value(of: node.name, on: resource) {
                writer.start(node.name)
                for href in value.all(.href) { expand(href.text, node.children, in: &writer) }
                writer.end()
                return true
            }
        } catch {
            context.log("\(node.name) of \(resource.href): \(error.details ?? error.status.description)")
        }
        writer.rollBack(to: mark)
        return writeDead(node.name, of: resource, in: &writer)
    }

    /// Writes a property that the server only keeps; false when the resource does not have it.
    private func writeDead(_ name: ElementName, of resource: Resource, in writer: inout XMLWriter) -> Bool {
        guard let property = resource.deadProperties(context)[name] else { return false }
        writer.raw(property.markup)
        return true
    }

    private func expand(_ href: String, _ nodes: [Node], in writer: inout XMLWriter) {
        do throws(DAVError) {
            budget.responses -= 1
            guard budget.responses >= 0 else { throw DAVError(.insufficientStorage) }
            writeResponse(try context.resource(href: href), nodes, in: &writer)
        } catch {
            writer.start(.dav("response"))
            writer.element(.href, text: href)
            writeStatus(error.status, in: &writer)
            writer.end()
        }
    }
}
