import HTTP
import Store

extension MethodHandler {
    /// POST to a collection: the server names the new member (RFC 5995), or the new members of a document that has many.
    static var post: MethodHandler {
        MethodHandler(
            .post, applies: { $0?.isCollection == true && $0?.container.storage == .collection },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path, needs: [])
                guard resource.isCollection, resource.container.storage == .collection else {
                    throw DAVError(.methodNotAllowed, fields: ["Allow": context.features.allow(on: resource)])
                }
                if let post = resource.container.kind.post { return try post(request, resource, context) }
                try context.require(.bind, on: resource.container)
                let body = try request.bodyBytes(limit: context.limits.bodyBytes)
                let (bytes, type, isConverted) = try resource.container.kind.taken(
                    body, as: request.mediaType)
                if let objects = try importedObjects(in: bytes, as: type, for: resource.container) {
                    return try context.importing(objects, for: request, into: resource.container)
                }
                let ending = resource.container.kind.nameEndings.first ?? ""
                guard let name = ItemName(randomUUID() + ending) else { throw DAVError(.internalServerError) }
                let write = ObjectWrite(
                    container: resource.container, name: name, bytes: bytes, mediaType: type,
                    context: context, isConverted: isConverted, fields: request.fields)
                let written = try write.run { (current) throws(DAVError) in
                    guard current == nil else { throw DAVError(.conflict) }
                }
                written.afterwards?()
                var fields = written.fields
                fields["Location"] = resource.container.href + percentEncoded(name.description)
                return try request.answer(
                    to: .created, fields, storing: written.bytes,
                    as: resource.container.mediaTypes.type(of: name), of: resource.container.kind, context)
            })
    }
}

/// The objects of a body that has several; nil where it is one object, or nothing that this collection knows.
private func importedObjects(
    in bytes: [UInt8], as type: String?, for container: ContainerView
) throws(DAVError) -> [ImportedObject]? {
    let kind = container.kind
    guard let split = kind.split, type == nil || type == kind.mediaType else {
        return nil
    }
    let objects = try split(bytes)
    return objects.count > 1 ? objects : nil
}

/// A random UUID, version 4 (RFC 9562 §5.4), in lower case.
func randomUUID() -> String {
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
        if [4, 6, 8, 10].contains(index) { text += "-" }
        text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
}
