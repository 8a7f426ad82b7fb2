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
                    let afterwards = try deleteItem(
                        item.name, in: resource.container, if: conditions, fields: request.fields, context)
                    try context.locks.forget(within: resource.location)
                    afterwards?()
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
///
/// - Returns: what is to be called when no lock is held any more.
func deleteItem(
    _ name: ItemName, in container: ContainerView, if conditions: Conditions, fields: Fields = [:],
    _ context: Context
) throws(DAVError) -> (() -> Void)? {
    let collection = try container.collection()
    let location = container.location.appending(name)
    try context.locks.prepareToForget()
    try context.locks.requireMembership(of: location)
    var failure: DAVError?
    var follow: ChangePlan?
    var isMade = false
    defer { if !isMade { follow?.otherwise?() } }
    _ = try storing { () throws(StoreError) in
        try collection.update(by: context.author) { snapshot in
            let current = snapshot.item(named: name)
            follow?.otherwise?()
            follow = nil
            do {
                failure = nil
                guard current != nil else { throw DAVError(.notFound) }
                try conditions.check(current, in: container)
                try context.locks.checkIf((location, current))
                follow = try container.kind.changes?.plan(
                    ObjectChange(
                        operation: .delete, fields: fields, container: container, snapshot: snapshot,
                        name: name, current: current, bytes: nil, source: nil, context: context))
            } catch {
                failure = error as? DAVError ?? DAVError(.internalServerError)
                return nil
            }
            var update = UpdatePlan(deletions: [name], message: "Delete \(name)")
            update.beforeEntry = follow?.beforeEntry
            return update
        }
    }
    if let failure { throw failure }
    isMade = true
    return follow?.afterwards
}

extension Context {
    /// Moves a container into the trash; the root and the principals stay.
    func remove(_ container: ContainerView) throws(DAVError) {
        guard !container.path.names.isEmpty, !container.isPrincipal, !container.isVirtual else {
            throw DAVError(.forbidden, message: "This collection cannot be deleted.")
        }
        try locks.prepareToForget()
        let consequences = container.isShared ? [] : try consequences(ofRemoving: container)
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
        for consequence in consequences { consequence() }
    }

    /// What follows when a container goes away, and all those in it.
    private func consequences(ofRemoving container: ContainerView) throws(DAVError) -> [() -> Void] {
        var all: [() -> Void] = []
        if let consequence = try container.kind.changes?.remove(container, self) { all.append(consequence) }
        guard features.haveConsequences else { return all }
        // What others share stays with them.
        for child in try container.children() where !child.isShared && !child.isVirtual {
            all += try consequences(ofRemoving: child)
        }
        return all
    }
}
