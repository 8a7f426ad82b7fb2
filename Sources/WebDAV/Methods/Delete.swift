import HTTP
import Store

extension MethodHandler {
    /// DELETE (RFC 9110 §9.3.5, RFC 4918 §9.6).
    static var delete: MethodHandler {
        MethodHandler(
            .delete, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path, needs: [])
                try context.requireRemoval(of: resource)
                let conditions = Conditions(request.fields)
                if let item = resource.item {
                    try deleteItem(item.name, in: resource.container, if: conditions, context)
                    try context.locks.forget(within: resource.location)
                } else {
                    // RFC 4918 §9.6.1: a collection goes with all in it.
                    guard request.fields["Depth"].map({ Depth($0) == .infinity }) ?? true else {
                        throw DAVError(
                            .badRequest, message: "A collection is deleted with Depth: infinity only.")
                    }
                    guard conditions.evaluate(current: try resource.etag) == .passed else {
                        throw DAVError(.preconditionFailed)
                    }
                    try context.remove(resource.container)
                }
                return Response(.noContent)
            })
    }
}

/// Deletes an item when the conditions hold for it at that moment.
func deleteItem(
    _ name: ItemName, in container: ContainerView, if conditions: Conditions, _ context: Context
) throws(DAVError) {
    let collection = try container.collection()
    let location = container.location.appending(name)
    try context.locks.prepareToForget()
    try context.locks.requireMembership(of: location)
    var failure: DAVError?
    _ = try storing { () throws(StoreError) in
        try collection.update(by: context.author) { snapshot in
            let current = snapshot.item(named: name)
            do {
                failure = nil
                guard current != nil else { throw DAVError(.notFound) }
                try conditions.check(current, in: container)
                try context.locks.checkIf((location, current))
            } catch {
                failure = error as? DAVError ?? DAVError(.internalServerError)
                return nil
            }
            return UpdatePlan(deletions: [name], message: "Delete \(name)")
        }
    }
    if let failure { throw failure }
}

extension Context {
    /// Moves a container into the trash; the root and the principals stay.
    func remove(_ container: ContainerView) throws(DAVError) {
        guard !container.path.names.isEmpty, !container.isPrincipal, !container.isVirtual else {
            throw DAVError(.forbidden, message: "This collection cannot be deleted.")
        }
        try locks.prepareToForget()
        if container.isShared {
            try locks.requireMembership(of: container.path)
            try removeShare(container)
        } else {
            locks.subject = container.location
            try locks.requireMembership(of: container.location)
            let readers = try readers(within: container.location)
            try storing { () throws(StoreError) in try store.remove(container.location) }
            try locks.forget(within: container.location)
            forgetContainers()
            try show(before: readers, at: nil)
        }
        forgetContainers()
    }
}
