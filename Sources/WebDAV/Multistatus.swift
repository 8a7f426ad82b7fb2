public import HTTP
public import Store
public import XML

/// A `DAV:multistatus` (RFC 4918 §13), written response by response into a sink.
public final class Multistatus {
    private var writer: XMLWriter
    private let sink: any ByteSink
    private let context: Context

    init(sink: any ByteSink, context: Context) {
        self.sink = sink
        self.context = context
        self.writer = context.features.multistatus
    }

    /// Bytes that are gathered before they are sent.
    private static let chunk = 32 << 10

    /// Writes the properties of a resource, grouped by status (RFC 4918 §14.22).
    public func write(_ resource: Resource, _ selection: PropertySelection) throws(StreamError) {
        writer.raw("<D:response><D:href>")
        // Percent-encoded, so nothing in it has to be escaped.
        writer.raw(plain: resource.container.href)
        if let item = resource.item {
            writer.raw { appendPercentEncoded(item.name.description, to: &$0) }
        }
        writer.raw("</D:href>")
        writePropStats(of: resource, selection, in: &writer, context: context)
        writer.raw("</D:response>")
        try flush(over: Self.chunk)
    }

    /// Writes the properties of items of one container, one response each; the same as each of them alone.
    ///
    /// - Parameters:
    ///   - items: the items.
    ///   - indices: which of them.
    ///   - container: what they are in.
    ///   - selection: the properties.
    /// - Throws: when the answer cannot be sent on.
    public func write(
        _ items: Items, _ indices: Range<Int>, in container: ContainerView, _ selection: PropertySelection
    ) throws(StreamError) {
        var forms = ItemForms(of: container, selection, in: writer, context: context)
        var index = indices.lowerBound
        while index < indices.upperBound {
            index = forms.writeRun(items, index..<indices.upperBound, to: &writer, upTo: Self.chunk)
            if index < indices.upperBound, writer.mark.bytes <= Self.chunk {
                if !forms.write(items, index, to: &writer) {
                    try write(Resource(container: container, item: items[index]), selection)
                }
                index += 1
            }
            try flush(over: Self.chunk)
        }
    }

    /// Writes the properties of all items, which are of one container.
    public func write(
        _ items: Items, in container: ContainerView, _ selection: PropertySelection
    ) throws(StreamError) {
        try write(items, 0..<items.count, in: container, selection)
    }

    /// Writes a status for an `href`, without properties.
    public func write(
        href: String, _ status: Status, violated condition: Condition? = nil, description: String? = nil
    ) throws(StreamError) {
        writer.raw("<D:response><D:href>")
        writer.text(href.utf8)
        writer.raw("</D:href>")
        writeStatus(status, in: &writer)
        writeError(condition, in: &writer)
        if let description {
            // RFC 4918 §14.25.
            writer.raw("<D:responsedescription>")
            writer.text(description.utf8)
            writer.raw("</D:responsedescription>")
        }
        writer.raw("</D:response>")
        try flush(over: Self.chunk)
    }

    /// Writes `DAV:sync-token` after the responses (RFC 6578 §6.4).
    func write(syncToken: String) throws(StreamError) {
        writer.raw("<D:sync-token>")
        writer.text(syncToken.utf8)
        writer.raw("</D:sync-token>")
        try flush(over: Self.chunk)
    }

    /// Writes an element of its own after the responses.
    public func write(_ element: XMLElement) throws(StreamError) {
        writer.element(element)
        try flush(over: Self.chunk)
    }

    /// Writes whole `DAV:response` elements with `body`.
    func writeResponses(_ body: (inout XMLWriter) -> Void) throws(StreamError) {
        body(&writer)
        try flush(over: Self.chunk)
    }

    func finish() throws(StreamError) {
        writer.end()
        try flush(over: 0)
    }

    private func flush(over size: Int) throws(StreamError) {
        guard writer.bytes.count > size else { return }
        do {
            try sink.write(writer.take())
        } catch {
            throw .closed
        }
    }
}

/// Writes `DAV:status`.
func writeStatus(_ status: Status, in writer: inout XMLWriter) {
    writer.raw("<D:status>HTTP/1.1 ")
    writer.text(status.description.utf8)
    writer.raw("</D:status>")
}

/// Writes the `DAV:propstat` elements of a resource.
func writePropStats(
    of resource: Resource, _ selection: PropertySelection, in writer: inout XMLWriter, context: Context
) {
    var failures: [(status: Status, condition: Condition?, entry: PropertySelection.Entry)] = []
    // Looked for when something is not a live property, or all are asked for.
    var dead: DeadProperties?
    let languages = PropertyLanguages(of: resource)
    let before = writer.mark
    writer.raw("<D:propstat><D:prop>")
    let empty = writer.mark
    for entry in selection.entries {
        let mark = writer.mark
        writer.raw(selection.mode == .names ? entry.start : entry.start(in: languages))
        do {
            let question = PropertyQuestion(resource: resource, request: entry.request, context: context)
            guard let property = entry.property, try property.read(question, &writer) else {
                writer.rollBack(to: mark)
                if selection.mode == .named {
                    let known = dead ?? resource.deadProperties(context)
                    dead = known
                    if let property = known[entry.request.name] {
                        writer.raw(property.markup)
                        continue
                    }
                }
                failures.append((.notFound, nil, entry))
                continue
            }
            if selection.mode == .names {
                writer.rollBack(to: mark)
                writer.raw(entry.start)
            }
            writer.raw(entry.end)
        } catch {
            writer.rollBack(to: mark)
            if let details = error.details {
                context.log("\(entry.request.name) of \(resource.href): \(details)")
            }
            failures.append((error.status, error.condition, entry))
        }
    }
    if selection.mode != .named {
        for property in resource.deadProperties(context).properties {
            if selection.mode == .names {
                writer.empty(property.name)
            } else {
                writer.raw(property.markup)
            }
        }
    }
    if selection.hidesMissing { failures.removeAll { $0.status == .notFound } }
    if writer.mark.bytes == empty.bytes, !failures.isEmpty {
        writer.rollBack(to: before)
    } else {
        writer.raw("</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>")
    }
    writePropStats(grouping: failures, by: { ($0.status, $0.condition) }, in: &writer) { failure, writer in
        writer.raw(failure.entry.start)
        writer.raw(failure.entry.end)
    }
}

/// Writes what became of properties as `DAV:propstat` elements, grouped by status and condition (RFC 4918 §14.22).
///
/// `group` tells status and condition of an outcome, `writeName` writes the empty element of its property.
func writePropStats<Outcome>(
    grouping outcomes: [Outcome], by group: (Outcome) -> (status: Status, condition: Condition?),
    in writer: inout XMLWriter, _ writeName: (Outcome, inout XMLWriter) -> Void
) {
    var rest = outcomes
    while let first = rest.first {
        let (status, condition) = group(first)
        writer.raw("<D:propstat><D:prop>")
        for outcome in rest where group(outcome) == (status, condition) { writeName(outcome, &writer) }
        rest.removeAll { group($0) == (status, condition) }
        writer.raw("</D:prop>")
        writeStatus(status, in: &writer)
        writeError(condition, in: &writer)
        writer.raw("</D:propstat>")
    }
}

/// Writes `DAV:error` with a condition in it; nothing without one.
func writeError(_ condition: Condition?, in writer: inout XMLWriter) {
    guard let condition else { return }
    writer.start(.dav("error"))
    writer.element(condition.element)
    writer.end()
}

extension Context {
    /// A 207 whose responses `body` writes while they are sent.
    public func multistatus(
        _ body: @escaping (Multistatus) throws(StreamError) -> Void
    ) -> Response {
        Response(
            .multiStatus, fields: ["Content-Type": "application/xml; charset=utf-8"],
            body: .stream { (sink) throws(StreamError) in
                let multistatus = Multistatus(sink: sink, context: self)
                try body(multistatus)
                try multistatus.finish()
            })
    }
}
