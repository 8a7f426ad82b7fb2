import HTTP
import Store
import XML

extension MethodHandler {
    /// PROPPATCH (RFC 4918 §9.2): all properties change, or none.
    static var propPatch: MethodHandler {
        MethodHandler(
            .propPatch, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path, needs: .writeProperties)
                guard let body = try request.xmlBody(context), body.name == .dav("propertyupdate") else {
                    throw DAVError(.badRequest, message: "The body must be a DAV:propertyupdate element.")
                }
                let update = PropertyUpdate(body)
                guard !update.instructions.isEmpty else {
                    throw DAVError(.badRequest, message: "The body sets and removes nothing.")
                }
                try context.locks.requireChange(of: resource.location)
                let outcomes =
                    if let item = resource.item {
                        try update.apply(toItem: item.name, in: resource.container, context)
                    } else {
                        try update.apply(to: resource.container, context)
                    }
                // RFC 8144 §2.2: nothing to say when all went well.
                if Prefer(request.fields).returnMinimal, outcomes.allSatisfy({ $0.error == nil }) {
                    var fields: Fields = [:]
                    fields.setApplied(["return=minimal"])
                    return Response(.ok, fields: fields, body: .bytes([]))
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
    /// Changes the properties of an item: what was read and what is written is the same item, under the lock.
    fileprivate func apply(
        toItem name: ItemName, in container: ContainerView, _ context: Context
    ) throws(DAVError) -> [Outcome] {
        let collection = try container.collection()
        var result: Result<[Outcome], DAVError> = .failure(DAVError(.internalServerError))
        _ = try storing { () throws(StoreError) in
            try collection.update(by: context.author) { snapshot in
                do throws(DAVError) {
                    guard snapshot.item(named: name) != nil else { throw DAVError(.notFound) }
                    let before = try storing { () throws(StoreError) in try snapshot.properties(of: name) }
                    var dead = DeadProperties(before, log: context.log)
                    result = .success(evaluate(forItemWith: &dead, context.features))
                    return UpdatePlan(
                        properties: [(name: name, bytes: dead.bytes)], message: "Set properties of \(name)")
                } catch {
                    result = .failure(error)
                    return nil
                }
            }
        }
        context.forgetContainers()
        return try result.get()
    }

    /// Changes the properties of a container; of a collection under its lock, so that two who set different ones at
    /// once both succeed.
    fileprivate func apply(to container: ContainerView, _ context: Context) throws(DAVError) -> [Outcome] {
        var result: Result<[Outcome], DAVError> = .failure(DAVError(.internalServerError))
        let act = {
            do throws(DAVError) {
                var target = PropertyTarget(container)
                target.metadata = try storing { () throws(StoreError) in
                    try context.store.metadata(of: container.settingsLocation)
                }
                let (changes, outcomes) = evaluate(for: target, context)
                if !changes.isEmpty {
                    try storing { () throws(StoreError) in
                        try context.store.update(
                            metadata: changes, of: container.settingsLocation, by: context.author)
                    }
                }
                result = .success(outcomes)
            } catch {
                result = .failure(error)
            }
        }
        if container.storage == .collection {
            let collection = try container.collection()
            try storing { () throws(StoreError) in try collection.withLock(act) }
        } else {
            // A plain directory has no lock of its own; the table is one for all who write.
            _ = try context.locks.held(exclusively: true)
            act()
        }
        context.forgetContainers()
        return try result.get()
    }
}
