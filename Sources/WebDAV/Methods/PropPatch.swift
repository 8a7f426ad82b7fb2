import HTTP
import Store
import XML

extension MethodHandler {
    /// PROPPATCH (RFC 4918 §9.2): all properties change, or none.
    static var propPatch: MethodHandler {
        MethodHandler(
            .propPatch, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path)
                try context.require(.writeProperties, at: resource.container.path)
                guard let body = try request.xmlBody(context), body.name == .dav("propertyupdate") else {
                    throw DAVError(.badRequest, message: "The body must be a DAV:propertyupdate element.")
                }
                let update = PropertyUpdate(body)
                guard !update.instructions.isEmpty else {
                    throw DAVError(.badRequest, message: "The body sets and removes nothing.")
                }
                let (changes, outcomes) = update.outcome(for: resource, context)
                if !changes.isEmpty {
                    try storing { () throws(StoreError) in
                        try context.store.update(
                            metadata: changes, of: resource.container.path, by: context.author)
                    }
                    context.forgetContainers()
                }
                // RFC 8144 §2.2: nothing to say when all went well.
                if Prefer(request.fields).returnMinimal, outcomes.allSatisfy({ $0.error == nil }) {
                    return Response(.ok, fields: ["Preference-Applied": "return=minimal"], body: .bytes([]))
                }
                var writer = XMLWriter(prefixes: context.features.prefixes)
                writer.start(.dav("multistatus"))
                writer.start(.dav("response"))
                writer.element(.href, text: resource.href)
                PropertyUpdate.write(outcomes, in: &writer)
                writer.end()
                writer.end()
                return Response(
                    .multiStatus, fields: ["Content-Type": "application/xml; charset=utf-8"],
                    body: .bytes(writer.take()))
            })
    }
}

extension PropertyUpdate {
    /// What the instructions amount to for a resource; an item has no property that can be set.
    fileprivate func outcome(for resource: Resource, _ context: Context) -> (MetadataChanges, [Outcome]) {
        guard resource.isCollection else {
            return ([:], instructions.map { Outcome(name: $0.name, error: .protected) })
        }
        return evaluate(for: PropertyTarget(resource.container), context.features)
    }
}
