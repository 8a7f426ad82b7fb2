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
    let etag = try resource.etag
    var fields: Fields = [:]
    fields["ETag"] = etag?.description
    switch Conditions(request.fields).evaluate(current: etag) {
    case .passed: break
    case .failed: throw DAVError(.preconditionFailed, fields: fields)
    case .unchanged: return Response(.notModified, fields: fields)
    }
    guard resource.isCollection else {
        fields["Content-Type"] = resource.mediaType
        return Response(.ok, fields: fields, body: .bytes(try resource.bytes()))
    }
    if let export = resource.container.kind.export, !request.prefersHTML {
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

extension Request {
    /// Whether it comes from a browser: one that names HTML as what it accepts.
    fileprivate var prefersHTML: Bool {
        fields["Accept"]?.lowercased().contains("text/html") ?? false
    }
}
