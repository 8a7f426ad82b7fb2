import HTTP
import Store

extension MethodHandler {
    /// PUT (RFC 9110 §9.3.4, RFC 4918 §9.7).
    static var put: MethodHandler {
        MethodHandler(
            .put, applies: { $0?.isCollection != true },
            handle: { (request, path, context) throws(DAVError) in
                // RFC 9110 §14.5: a part must not be taken for the whole.
                guard request.fields["Content-Range"] == nil else {
                    throw DAVError(.badRequest, message: "Content-Range is not supported with PUT.")
                }
                switch try context.target(at: path) {
                case .resource(let resource):
                    guard let item = resource.item else {
                        throw DAVError(
                            .methodNotAllowed, fields: ["Allow": context.features.allow(on: resource)])
                    }
                    try context.require(.writeContent, on: resource.container)
                    return try write(request, named: item.name, in: resource.container, context)
                case .vacant(let vacancy):
                    guard let parent = vacancy.parent else {
                        throw DAVError(.conflict, message: "The parent collection does not exist.")
                    }
                    try context.require(.bind, on: parent)
                    return try write(request, named: vacancy.name, in: parent, context)
                }
            })
    }
}

private func write(
    _ request: Request, named name: ItemName, in container: ContainerView, _ context: Context
) throws(DAVError) -> Response {
    let body = try request.bodyBytes(limit: context.limits.bodyBytes)
    let (bytes, type, isConverted) = try container.kind.taken(body, as: request.mediaType)
    let conditions = Conditions(request.fields)
    let write = ObjectWrite(
        container: container, name: name, bytes: bytes, mediaType: type, context: context,
        isConverted: isConverted, fields: request.fields)
    let written: ObjectWrite.Written
    do throws(DAVError) {
        written = try write.run { (current) throws(DAVError) in
            // What is there may have come since, or be hidden from the user.
            if current != nil { try context.require(.writeContent, on: container) }
            try conditions.check(current, in: container)
        }
    } catch {
        guard error.status == .preconditionFailed, Prefer(request.fields).returnRepresentation,
            let response = try currentRepresentation(of: name, in: container, context)
        else { throw error }
        return response
    }
    written.afterwards?()
    return try request.answer(
        to: written.isNew ? .created : .noContent, written.fields, storing: written.bytes,
        as: container.mediaTypes.type(of: name), of: container.kind, context)
}

/// A 412 with what is there instead (RFC 8144 §3.2); nil when nothing is, or the user may not read it.
private func currentRepresentation(
    of name: ItemName, in container: ContainerView, _ context: Context
) throws(DAVError) -> Response? {
    guard container.privileges.contains(.read) else { return nil }
    let collection = try container.collection()
    let snapshot = try storing { () throws(StoreError) in try collection.snapshot() }
    guard let item = snapshot.item(named: name) else { return nil }
    let bytes = try storing { () throws(StoreError) in try snapshot.bytes(of: item.version) }
    var fields: Fields = [
        "ETag": ETag(item.version).description, "Content-Type": container.mediaTypes.type(of: name),
        "Content-Location": container.href + percentEncoded(name.description),
    ]
    fields.setApplied(["return=representation"])
    let body = try container.kind.tailored({ bytes }, context) ?? bytes
    return Response(.preconditionFailed, fields: fields, body: .bytes(body))
}

extension Request {
    /// The answer to a write; with `return=representation` it carries what is stored now (RFC 7240 §4.2, RFC 8144 §3).
    func answer(
        to status: Status, _ fields: Fields, storing bytes: [UInt8], as mediaType: String,
        of kind: CollectionKind, _ context: Context
    ) throws(DAVError) -> Response {
        guard Prefer(self.fields).returnRepresentation else { return Response(status, fields: fields) }
        var fields = fields
        fields["Content-Type"] = mediaType
        fields.setApplied(["return=representation"])
        let body = try kind.tailored({ bytes }, context) ?? bytes
        return Response(status == .noContent ? .ok : status, fields: fields, body: .bytes(body))
    }
}
