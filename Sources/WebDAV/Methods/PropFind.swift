public import HTTP
import Store
import XML

extension MethodHandler {
    /// PROPFIND (RFC 4918 §9.1).
    static var propFind: MethodHandler {
        MethodHandler(
            .propFind, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path)
                let depth = try request.depth() ?? .infinity
                let body = try request.xmlBody(context)
                if let body, body.name != .dav("propfind") {
                    throw DAVError(.badRequest, message: "The body must be a DAV:propfind element.")
                }
                // RFC 4918 §9.1: no body asks for all properties.
                let selection = try PropertySelection(
                    body ?? XMLElement(.dav("propfind")), fields: request.fields, inReport: false,
                    context: context)
                let skipsRoot = Prefer(request.fields).depthNoRoot && depth != .zero
                var response = context.multistatus { (multistatus) throws(StreamError) in
                    if !skipsRoot { try multistatus.write(resource, selection) }
                    if resource.isCollection, depth != .zero {
                        try context.writeMembers(
                            of: resource.container, recursively: depth == .infinity, selection, multistatus)
                    }
                }
                response.fields.setApplied(
                    (selection.isMinimal ? ["return=minimal"] : []) + (skipsRoot ? ["depth-noroot"] : []))
                return response
            })
    }
}

extension Request {
    /// The `Depth` field, nil when absent.
    ///
    /// - Throws: 400 when it is none of 0, 1 and infinity.
    public func depth() throws(DAVError) -> Depth? {
        guard let field = fields["Depth"] else { return nil }
        guard let depth = Depth(field) else {
            throw DAVError(.badRequest, message: "Depth must be 0, 1 or infinity.")
        }
        return depth
    }
}

extension Context {
    /// Writes the members of a container: sub-containers first, then items in the order of their names.
    ///
    /// What cannot be read becomes a response with its status; the rest goes on.
    fileprivate func writeMembers(
        of container: ContainerView, recursively: Bool, _ selection: PropertySelection,
        _ multistatus: Multistatus
    ) throws(StreamError) {
        do {
            for child in try container.children() {
                try multistatus.write(child.resource, selection)
                if recursively { try writeMembers(of: child, recursively: true, selection, multistatus) }
            }
            guard container.storage == .collection else { return }
            try multistatus.write(container.snapshot().items, in: container, selection)
        } catch let error as DAVError {
            log("members of \(container.href): \(error.details ?? error.status.description)")
            try multistatus.write(href: container.href, error.status)
        } catch let error as StreamError {
            throw error
        } catch {
            throw .failed("members of \(container.href): \(error)")
        }
    }
}
