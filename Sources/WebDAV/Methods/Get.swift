import HTTP
import Store

extension MethodHandler {
    /// GET (RFC 9110 §9.3.1, RFC 4918 §9.4).
    static var get: MethodHandler {
        MethodHandler(.get, applies: { $0 != nil }, handle: answerGet)
    }
    /// HEAD (RFC 9110 §9.3.2); the gateway leaves the body out.
    static var head: MethodHandler {
        MethodHandler(.head, applies: { $0 != nil }, handle: answerGet)
    }
}

private func answerGet(_ request: Request, _ path: Path, _ context: Context) throws(DAVError) -> Response {
    let resource = try context.resource(at: path)
    var fields: Fields = [:]
    let form = try request.form(of: resource, &fields)
    let stored = try resource.etag
    let tailored = try resource.tailored(context)
    var etag = form.flatMap { form in stored.map { $0.labelled(form) } } ?? stored
    // RFC 9110 §8.8.1: it says the same in other bytes.
    if tailored != nil { etag = etag?.weakened }
    fields["ETag"] = etag?.description
    let modified = resource.lastModified(context)
    fields["Last-Modified"] = modified?.description
    switch Conditions(request.fields).evaluate(current: etag, modified: modified, isSafe: true) {
    case .passed: break
    case .failed: throw DAVError(.preconditionFailed, fields: fields)
    case .unchanged: return Response(.notModified, fields: fields)
    }
    guard resource.isCollection else {
        fields["Content-Type"] = form?.contentType ?? resource.mediaType
        fields["Accept-Ranges"] = "bytes"
        let stored = try resource.bytes()
        if let rules = resource.container.kind.changes {
            for (name, value) in try rules.fields(resource, stored, context).all { fields[name] = value }
        }
        let bytes = try resource.form(form, of: tailored ?? stored)
        return request.answer(with: bytes, fields, etag: etag, modified: modified)
    }
    if let export = form?.export ?? resource.container.kind.export,
        !request.prefersHTML || request.exportForm != nil
    {
        let export = try export(resource, context)
        fields["Content-Type"] = export.contentType
        return Response(
            .ok, fields: fields,
            body: .stream { (sink) throws(StreamError) in
                try export.write { (piece) throws(StreamError) in
                    do { try sink.write(piece) } catch { throw .closed }
                }
            })
    }
    // The page lists what a collection's entity tag does not cover, so it goes without one.
    return Response(
        .ok, fields: ["Content-Type": "text/html; charset=utf-8"],
        body: .bytes(Array(try CollectionPage(resource.container).html.utf8)))
}

extension Resource {
    /// The bytes of an item as the client wants them; nil for a container, and when as they are stored.
    fileprivate func tailored(_ context: Context) throws(DAVError) -> [UInt8]? {
        guard !isCollection else { return nil }
        return try container.kind.tailored({ () throws(DAVError) in try bytes() }, context)
    }

    /// The bytes of an item in a form, nil for the stored one.
    ///
    /// - Throws: 406 when they do not allow it.
    fileprivate func form(_ form: MediaForm?, of bytes: [UInt8]) throws(DAVError) -> [UInt8] {
        guard let form else { return bytes }
        guard let converted = form.convert(bytes) else {
            throw DAVError(.notAcceptable, violated: container.kind.forms?.unavailable)
        }
        return converted
    }
}

extension Request {
    /// The form in which the client wants to have a resource, nil for the stored one; adds `Vary` where there is a choice.
    fileprivate func form(of resource: Resource, _ fields: inout Fields) throws(DAVError) -> MediaForm? {
        let tailoring = resource.container.kind.tailoring
        guard let forms = resource.container.kind.forms else {
            if let tailoring, !resource.isCollection { fields["Vary"] = tailoring.field }
            return nil
        }
        let mediaType = resource.container.kind.mediaType ?? ""
        guard resource.isCollection || resource.mediaType == mediaType else { return nil }
        // RFC 9110 §12.5.5.
        fields["Vary"] = tailoring?.vary ?? "Accept"
        if resource.isCollection, let label = exportForm, !label.isEmpty {
            return forms.others.first { $0.label == label && $0.export != nil }
        }
        guard let accept = self.fields["Accept"].flatMap(Accept.init) else { return nil }
        guard resource.isCollection else {
            return try forms.form(for: accept, storedAs: mediaType) { () throws(DAVError) in
                try resource.bytes()
            }
        }
        let exported = MediaForms(forms.others.filter { $0.export != nil })
        return try exported.form(for: accept, storedAs: mediaType) { [] }
    }

    /// What `?export` asks for, which programs send as they import: the label of a form, empty for the stored one; nil when
    /// it is not there.
    fileprivate var exportForm: String? {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        let parts = target.utf8[target.utf8.index(after: mark)...].split(separator: UInt8(ascii: "&"))
        guard parts.contains(where: { $0.elementsEqual("export".utf8) || $0.starts(with: "export=".utf8) })
        else { return nil }
        guard let accept = parts.first(where: { $0.starts(with: "accept=".utf8) }) else { return "" }
        return String(decoding: accept.dropFirst(7), as: UTF8.self)
    }

    /// Whether it comes from a browser: one that names HTML as what it accepts.
    fileprivate var prefersHTML: Bool {
        fields["Accept"]?.lowercased().contains("text/html") ?? false
    }

    /// The answer with the bytes of an item, or with the parts of them that are asked for (RFC 9110 §14).
    fileprivate func answer(
        with bytes: [UInt8], _ fields: Fields, etag: ETag?, modified: HTTPDate?
    ) -> Response {
        var fields = fields
        let asked = method == .get && isForRanges(of: etag, modified) ? self.fields["Range"] : nil
        switch ByteRanges(asked, of: bytes.count) {
        case .whole: return Response(.ok, fields: fields, body: .bytes(bytes))
        case .unsatisfiable:
            fields["Content-Range"] = "bytes */\(bytes.count)"
            fields["Content-Type"] = nil
            return Response(.rangeNotSatisfiable, fields: fields, body: .bytes([]))
        case .parts(let parts) where parts.count == 1:
            fields["Content-Range"] = Self.contentRange(parts[0], of: bytes)
            return Response(.partialContent, fields: fields, body: .bytes(Array(bytes[parts[0]])))
        case .parts(let parts):
            // RFC 9110 §14.6.
            let type = fields["Content-Type"] ?? "application/octet-stream"
            let boundary = randomUUID()
            var body: [UInt8] = []
            for part in parts {
                let head =
                    "--\(boundary)\r\nContent-Type: \(type)\r\n"
                    + "Content-Range: \(Self.contentRange(part, of: bytes))\r\n\r\n"
                body += Array(head.utf8)
                body += bytes[part]
                body += Array("\r\n".utf8)
            }
            body += Array("--\(boundary)--\r\n".utf8)
            fields["Content-Type"] = "multipart/byteranges; boundary=\(boundary)"
            return Response(.partialContent, fields: fields, body: .bytes(body))
        }
    }

    private static func contentRange(_ part: Range<Int>, of bytes: [UInt8]) -> String {
        "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes.count)"
    }

    /// Whether parts still belong to what the client has of the item: RFC 9110 §13.1.5, with strong comparison.
    private func isForRanges(of etag: ETag?, _ modified: HTTPDate?) -> Bool {
        guard let condition = fields["If-Range"]?.trimmingWhitespace else { return true }
        if let date = HTTPDate(condition) { return date == modified }
        guard let etag, !etag.isWeak else { return false }
        return condition == etag.description
    }
}

extension Resource {
    /// When the bytes of an item were last changed; nil for a container, and when it is not known.
    func lastModified(_ context: Context) -> HTTPDate? {
        times(context, ofAll: false).modified.map { HTTPDate(secondsSince1970: $0) }
    }

    /// When an item was made and last changed, as far as it is known; `ofAll` when the others of its collection are
    /// likely to be asked for too.
    func times(_ context: Context, ofAll: Bool) -> ItemTimes {
        guard let item else { return ItemTimes() }
        return container.itemTimes(for: ofAll ? nil : item.name)[item.name] ?? ItemTimes()
    }
}
