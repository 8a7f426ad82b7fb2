import HTTP
import Store

extension MethodHandler {
    /// COPY (RFC 4918 §9.8).
    static var copy: MethodHandler {
        MethodHandler(
            .copy, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                try Transfer(request, path, context, isMove: false).run()
            })
    }
    /// MOVE (RFC 4918 §9.9).
    static var move: MethodHandler {
        MethodHandler(
            .move, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                try Transfer(request, path, context, isMove: true).run()
            })
    }
}

/// A COPY or MOVE.
private struct Transfer {
    let request: Request
    let source: Resource
    let destination: Target
    let context: Context
    let isMove: Bool
    let overwrites: Bool

    init(_ request: Request, _ path: Path, _ context: Context, isMove: Bool) throws(DAVError) {
        self.request = request
        self.context = context
        self.isMove = isMove
        self.source = try context.resource(at: path)
        self.overwrites = request.fields["Overwrite"]?.trimmingWhitespace.uppercased() != "F"
        self.destination = try context.target(at: try Self.destination(of: request, context))
    }

    /// The path that the `Destination` field names (RFC 4918 §10.3).
    ///
    /// Its host is not compared: behind a web server it is whatever the client
    /// calls that server.
    private static func destination(of request: Request, _ context: Context) throws(DAVError) -> Path {
        guard let field = request.fields["Destination"] else {
            throw DAVError(.badRequest, message: "There is no Destination.")
        }
        let path: Path
        do {
            path = try Path(parsing: field.trimmingWhitespace)
        } catch {
            throw DAVError(.badRequest, message: "Destination is not a URL that can be used.")
        }
        guard let below = path.removing(prefix: context.prefix) else {
            // RFC 4918 §9.8.5: the destination is on another server, as far as this one is concerned.
            throw DAVError(.badGateway, message: "Destination is outside of this server's URLs.")
        }
        return below
    }

    func run() throws(DAVError) -> Response {
        try requireSource()
        guard Conditions(request.fields).evaluate(current: try source.etag) == .passed else {
            throw DAVError(.preconditionFailed)
        }
        if let rules = source.container.kind.changes, !source.isCollection {
            try rules.check(request.fields, source, context)
        }
        try context.locks.prepareToForget()
        if let container = destinationContainer { try context.holdForWriting(to: container) }
        if isMove {
            context.locks.subject = source.isCollection ? source.location : nil
            try context.locks.requireMembership(of: source.location)
        }
        let response = source.isCollection ? try transferContainer() : try transferItem()
        // RFC 4918 §7.6, §9.9: locks do not move along.
        if isMove { try context.locks.forget(within: source.location) }
        return response
    }

    /// Where the resource goes, as far as it is there.
    private var destinationContainer: ContainerView? {
        switch destination {
        case .vacant(let vacancy): vacancy.parent
        case .resource(let resource): resource.container
        }
    }

    /// What the source must allow (RFC 3744 appendix B).
    private func requireSource() throws(DAVError) {
        if isMove {
            try context.requireRemoval(of: source)
        } else if source.isCollection {
            // The history of all in it goes along.
            try context.require([.read, .readHistory], onAllIn: source.container)
        }
    }

    /// What must be allowed for an item to be written over another, or as a new one (RFC 3744 appendix B).
    private func requireDestination(_ container: ContainerView, isNew: Bool) throws(DAVError) {
        if isMove {
            try context.require(isNew ? .bind : [.bind, .unbind], on: container)
        } else {
            try context.require(isNew ? .bind : [.writeContent, .writeProperties], on: container)
        }
    }

    private func transferItem() throws(DAVError) -> Response {
        let (container, name, replaced) = try itemDestination()
        if case .resource(let resource) = destination, !resource.isCollection {
            try requireDestination(container, isNew: false)
        } else {
            try context.require(.bind, on: container)
        }
        guard let item = source.item else { throw DAVError(.internalServerError) }
        let isSameCollection = container.location == source.container.location
        // RFC 4918 §9.8.5: source and destination must differ.
        guard !isSameCollection || name != item.name else {
            throw DAVError(.forbidden, message: "Source and Destination are the same resource.")
        }
        var write = ObjectWrite(
            container: container, name: name, bytes: try source.bytes(),
            // RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1: a card is of no type that a calendar takes.
            mediaType: source.container.kind.mediaType, context: context)
        if isMove, isSameCollection { write.replacing = item.name }
        if isMove { write.movedFrom = source.container }
        // RFC 4918 §9.8.2, §9.9.1.
        write.properties = source.deadProperties(context)
        write.source = source
        write.operation = isMove ? .move : .copy
        write.fields = request.fields
        if let replaced { try removeReplaced(replaced) }
        let holds: (Item?) throws(DAVError) -> Void = { (current) throws(DAVError) in
            guard current == nil || overwrites else { throw DAVError(.preconditionFailed) }
            try requireDestination(container, isNew: current == nil)
        }
        let written =
            isMove && !isSameCollection
            ? try moveAcross(write, item, if: holds) : try write.run(if: holds)
        written.afterwards?()
        return Response(
            written.isNew && replaced == nil ? .created : .noContent, fields: written.fields)
    }

    /// Where an item goes, and the collection that it takes the place of there.
    private func itemDestination() throws(DAVError) -> (ContainerView, ItemName, replaced: ContainerView?) {
        switch destination {
        case .vacant(let vacancy):
            guard let parent = vacancy.parent else {
                throw DAVError(.conflict, message: "The parent of Destination does not exist.")
            }
            return (parent, vacancy.name, nil)
        case .resource(let resource):
            if let item = resource.item { return (resource.container, item.name, nil) }
            let path = resource.container.path
            guard let name = path.name, let parentPath = path.parent,
                let parent = try context.container(at: parentPath), parent.storage == .collection
            else { throw DAVError(.forbidden, message: "Destination cannot be replaced by an object.") }
            return (parent, name, resource.container)
        }
    }

    /// Moves what is in the way of the transfer into the trash (RFC 4918 §9.8.4, §9.9.3).
    private func removeReplaced(_ container: ContainerView) throws(DAVError) {
        guard overwrites else { throw DAVError(.preconditionFailed) }
        guard !source.container.location.isWithin(container.location) else {
            throw DAVError(.forbidden, message: "The source lies within what it would replace.")
        }
        if !isMove { try context.require([.writeContent, .writeProperties], on: container) }
        try context.requireRemoval(of: container.resource)
        try context.remove(container)
    }

    /// Writes to the one collection, then deletes from the other, with both locked: an item is never in neither.
    private func moveAcross(
        _ write: ObjectWrite, _ item: Item, if holds: @escaping (Item?) throws(DAVError) -> Void
    ) throws(DAVError) -> ObjectWrite.Written {
        let from = try source.container.collection()
        let to = try write.container.collection()
        let ordered = from.path.description < to.path.description ? (from, to) : (to, from)
        var result: Result<ObjectWrite.Written, DAVError> = .failure(DAVError(.internalServerError))
        var lockError: StoreError?
        var leaving: (() -> Void)?
        let act = {
            do throws(DAVError) {
                let current = try storing { () throws(StoreError) in try from.snapshot() }.item(
                    named: item.name)
                guard current?.version == item.version else {
                    throw DAVError(.preconditionFailed, message: "The source changed meanwhile.")
                }
                let written = try write.run(if: holds)
                // For its kind, an object that leaves for a collection of another kind is deleted.
                if write.container.kind.type != source.container.kind.type {
                    leaving = try deleteItem(
                        item.name, in: source.container, if: Conditions([:]), fields: request.fields, context)
                    result = .success(written)
                    return
                }
                _ = try storing { () throws(StoreError) in
                    try from.update(by: context.author) { _ in
                        UpdatePlan(deletions: [item.name], message: "Move \(item.name) to \(to.path)")
                    }
                }
                result = .success(written)
            } catch {
                result = .failure(error)
            }
        }
        try storing { () throws(StoreError) in
            try ordered.0.withLock {
                do throws(StoreError) { try ordered.1.withLock(act) } catch { lockError = error }
            }
        }
        if let lockError { throw DAVError(store: lockError) }
        leaving?()
        return try result.get()
    }

    private func transferContainer() throws(DAVError) -> Response {
        let container = source.container
        let target = try containerDestination()
        guard !container.path.names.isEmpty, !container.isPrincipal, !(isMove && container.isShared),
            container.entry == nil
        else {
            throw DAVError(.forbidden, message: "This collection cannot be copied or moved.")
        }
        let (from, to) = (container.location, target.location)
        // RFC 4918 §9.8.5, §9.9.4: neither may be within the other.
        guard !to.isWithin(from), !from.isWithin(to) else {
            throw DAVError(.forbidden, message: "Source and Destination lie within each other.")
        }
        guard let parent = target.parent else { throw DAVError(.conflict) }
        try context.require(.bind, on: parent)
        let depth = try request.depth() ?? .infinity
        // RFC 4918 §9.8.3, §9.9.2.
        guard depth == .infinity || (!isMove && depth == .zero) else {
            throw DAVError(.badRequest, message: "This Depth cannot be used here.")
        }
        if let condition = parent.kind.nestingViolates {
            throw DAVError(.forbidden, violated: condition)
        }
        if target.existing == nil { try context.locks.requireMembership(of: to) }
        if depth == .infinity,
            !isMove || context.principals.owner(of: from) != context.principals.owner(of: to)
        {
            try context.requireSpace(for: try context.usedBytes(below: from), in: parent)
        }
        if let existing = target.existing { try removeReplaced(existing) }
        if let (holder, item) = target.replacedItem {
            guard overwrites else { throw DAVError(.preconditionFailed) }
            try context.require(.unbind, on: holder)
            try deleteItem(item.name, in: holder, if: Conditions([:]), context)?()
        }
        let readers = try isMove ? context.readers(within: from) : []
        try storing { () throws(StoreError) in
            if isMove {
                try context.store.move(from, to: to)
            } else if depth == .zero {
                let metadata = container.metadata.filter { !MetadataKey.access.contains($0.key) }
                try context.store.makeCollection(at: to, metadata: metadata, by: context.author)
            } else {
                try context.store.copy(from, to: to, recursively: true)
            }
        }
        context.forgetContainers()
        if !isMove { try context.removeAccess(within: to) }
        try context.show(before: readers, at: to)
        let isNew = target.existing == nil && target.replacedItem == nil
        return Response(isNew ? .created : .noContent)
    }

    /// Where a container goes, and what it takes the place of there.
    private struct ContainerDestination {
        let location: StorePath
        let parent: ContainerView?
        var existing: ContainerView?
        var replacedItem: (holder: ContainerView, item: Item)?
    }

    private func containerDestination() throws(DAVError) -> ContainerDestination {
        switch destination {
        case .vacant(let vacancy):
            guard let parent = vacancy.parent else {
                throw DAVError(.conflict, message: "The parent of Destination does not exist.")
            }
            guard !vacancy.name.isHidden else {
                throw DAVError(.forbidden, message: "This name cannot be used.")
            }
            return ContainerDestination(location: vacancy.location, parent: parent)
        case .resource(let resource):
            if let item = resource.item {
                return ContainerDestination(
                    location: resource.container.location.appending(item.name), parent: resource.container,
                    replacedItem: (resource.container, item))
            }
            guard let parent = resource.container.path.parent else {
                throw DAVError(.forbidden, message: "The root cannot be replaced.")
            }
            return ContainerDestination(
                location: resource.container.location, parent: try context.container(at: parent),
                existing: resource.container)
        }
    }
}
