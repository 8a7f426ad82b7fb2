public import HTTP
public import Store

/// One object of a document that has many.
public struct ImportedObject {
    /// Its UID, nil when it has none: then no collection takes it.
    public let uid: String?
    /// The bytes it is stored as.
    public let bytes: [UInt8]

    /// Makes it of its parts.
    public init(uid: String?, bytes: [UInt8]) {
        self.uid = uid
        self.bytes = bytes
    }
}

/// What became of one object of an import.
public struct ImportOutcome {
    /// Where it is stored, or would have been.
    public let href: String
    /// 201 for a new object, 204 for one that was there, 424 when another one is wrong; else what is wrong with it.
    public let status: Status
    /// The condition that it violates.
    public let condition: Condition?
    /// What is wrong, for people.
    public let message: String?
}

/// A write of many objects into a collection, as one entry of its history: all of them or none.
///
/// An object whose UID is in the collection takes the place of the one that has it. Each is checked as if it were written
/// alone. Of new ones nobody is told by scheduling messages: who takes over a calendar does not invite everybody again.
struct ObjectImport {
    let container: ContainerView
    let objects: [ImportedObject]
    let context: Context
    /// Whether an object takes the place of the one that has its UID.
    var replaces = true
    /// The fields of the request.
    var fields: Fields = [:]

    /// An object that may be written, as far as the collection need not be looked at.
    private struct Candidate {
        let name: ItemName
        let result: Result<CheckedObject, DAVError>
    }

    /// What is to be done with an object.
    private struct Step {
        var name: ItemName
        var status = Status.created
        var error: DAVError?
    }

    /// Writes the objects, unless one of them is wrong.
    ///
    /// - Returns: what became of each, in their order.
    /// - Throws: what concerns all of them: privileges, space, and what the store refuses.
    func run() throws(DAVError) -> [ImportOutcome] {
        guard container.storage == .collection else {
            throw DAVError(.forbidden, message: "Objects can only be stored in a collection made for them.")
        }
        try context.require(.bind, on: container)
        let candidates = try checkedObjects()
        let collection = try container.collection()
        // Before the collection's lock, as with a single write.
        try context.holdForWriting(to: container)
        var steps: [Step] = []
        var follow: [ChangePlan] = []
        var failure: DAVError?
        var isMade = false
        defer { if !isMade { for plan in follow { plan.otherwise?() } } }
        _ = try storing { () throws(StoreError) in
            try collection.update(by: context.author) { snapshot in
                for plan in follow { plan.otherwise?() }
                (steps, follow, failure) = ([], [], nil)
                do {
                    let writes = try plan(candidates, in: snapshot, &steps, &follow)
                    guard !steps.contains(where: { $0.error != nil }) else { return nil }
                    var update = UpdatePlan(writes: writes, message: "Import \(objects.count) objects")
                    let plans = follow
                    update.beforeEntry = { (entry) throws(StoreError) in
                        for plan in plans { try plan.beforeEntry?(entry) }
                    }
                    return update
                } catch {
                    failure = error as? DAVError ?? DAVError(.internalServerError)
                    return nil
                }
            }
        }
        if let failure { throw failure }
        let isRefused = steps.contains { $0.error != nil }
        if !isRefused {
            isMade = true
            for plan in follow { plan.afterwards?() }
        }
        return steps.enumerated().map { outcome(of: $1, number: $0 + 1, isRefused: isRefused) }
    }

    private func outcome(of step: Step, number: Int, isRefused: Bool) -> ImportOutcome {
        let status = step.error?.status ?? (isRefused ? .failedDependency : step.status)
        return ImportOutcome(
            href: container.href + percentEncoded(step.name.description), status: status,
            condition: step.error?.condition,
            message: step.error.map { "Object \(number): \($0.message ?? status.description)" })
    }

    // MARK: - Without the collection

    private func checkedObjects() throws(DAVError) -> [Candidate] {
        let ending = container.kind.nameEndings.first ?? ""
        var seen: Set<[UInt8]> = []
        return try objects.map { (object) throws(DAVError) in
            guard let name = object.uid.flatMap({ Self.name($0, ending) }) ?? ItemName(randomUUID() + ending),
                let check = container.kind.check
            else { throw DAVError(.internalServerError) }
            do throws(DAVError) {
                let checked = try check(
                    ObjectCandidate(
                        name: name, bytes: object.bytes, mediaType: nil, metadata: container.metadata,
                        context: context))
                if let uid = checked.uid, !seen.insert(Array(uid.utf8)).inserted {
                    throw DAVError(
                        .forbidden,
                        violated: container.kind.uidConflict(
                            container.href + percentEncoded(name.description)),
                        message: "Another object of the document has the same UID.")
                }
                // What is to be remembered of many objects is left to who asks first, who does it all at once.
                return Candidate(
                    name: name, result: .success(CheckedObject(uid: checked.uid, title: checked.title)))
            } catch {
                return Candidate(name: name, result: .failure(error))
            }
        }
    }

    /// The UID as a name, nil when it had better not be one.
    private static func name(_ uid: String, _ ending: String) -> ItemName? {
        let isPlain = uid.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "@"):
                true
            default: false
            }
        }
        guard isPlain, uid.utf8.first != UInt8(ascii: "."), uid.utf8.count <= 200 else { return nil }
        return ItemName(uid + ending).flatMap { $0.isReserved ? nil : $0 }
    }

    // MARK: - Under the collection's lock

    /// Decides what to do with each object; returns what is to be written.
    private func plan(
        _ candidates: [Candidate], in snapshot: any Snapshot, _ steps: inout [Step],
        _ follow: inout [ChangePlan]
    ) throws(DAVError) -> [(name: ItemName, bytes: [UInt8])] {
        let uids = try container.kind.uids?(container, snapshot, context)
        var writes: [(name: ItemName, bytes: [UInt8])] = []
        var grows = 0
        for (candidate, object) in zip(candidates, objects) {
            var step = Step(name: candidate.name)
            defer { steps.append(step) }
            do throws(DAVError) {
                let uid = try candidate.result.get().uid
                let holders = uid.flatMap { uids?.names($0) } ?? []
                if let holder = holders.first, let current = snapshot.item(named: holder) {
                    step.name = holder
                    step.status = .noContent
                    guard let written = try replacement(of: current, by: object, holders, snapshot, &follow)
                    else { continue }
                    grows += written.bytes.count - written.gone
                    writes.append((holder, written.bytes))
                } else {
                    if snapshot.item(named: step.name) != nil { step.name = try freeName() }
                    try context.locks.requireMembership(of: container.location.appending(step.name))
                    grows += object.bytes.count
                    writes.append((step.name, object.bytes))
                }
            } catch {
                step.error = error
            }
        }
        try context.requireSpace(for: grows, in: container)
        return writes
    }

    /// What is stored instead of an object that has the same UID, nil when it is the same.
    private func replacement(
        of current: Item, by object: ImportedObject, _ holders: [ItemName], _ snapshot: any Snapshot,
        _ follow: inout [ChangePlan]
    ) throws(DAVError) -> (bytes: [UInt8], gone: Int)? {
        let href = container.href + percentEncoded(current.name.description)
        guard holders.count == 1 else {
            throw DAVError(.forbidden, violated: container.kind.uidConflict(href))
        }
        guard replaces else {
            throw DAVError(.preconditionFailed, message: "There is an object with the same UID.")
        }
        try context.require(.writeContent, on: container)
        try context.locks.requireChange(of: container.location.appending(current.name))
        let old = try storing { () throws(StoreError) in try snapshot.bytes(of: current.version) }
        if old == object.bytes { return nil }
        let plan = try container.kind.changes?.plan(
            ObjectChange(
                operation: .write, fields: fields, container: container, snapshot: snapshot,
                name: current.name, current: current, bytes: object.bytes, source: nil, context: context))
        if let plan { follow.append(plan) }
        return (plan?.bytes ?? object.bytes, old.count)
    }

    private func freeName() throws(DAVError) -> ItemName {
        guard let name = ItemName(randomUUID() + (container.kind.nameEndings.first ?? "")) else {
            throw DAVError(.internalServerError)
        }
        return name
    }
}

extension Context {
    /// Writes all objects of a document into the collection at `path` as one entry of its history, or none of them.
    ///
    /// - Returns: what became of each, in their order.
    /// - Throws: what concerns all of them.
    public func importDocument(
        _ bytes: [UInt8], into path: StorePath
    ) throws(DAVError) -> [ImportOutcome] {
        guard let container = try container(at: path) else { throw DAVError(.notFound) }
        guard let split = container.kind.split else {
            throw DAVError(.forbidden, message: "This is no calendar or address book.")
        }
        return try ObjectImport(container: container, objects: try split(bytes), context: self).run()
    }

    /// Answers a POST of a document with many objects: 207 with what became of each of them.
    ///
    /// With `If-None-Match: *` an object whose UID is there is refused.
    func importing(
        _ objects: [ImportedObject], for request: Request, into container: ContainerView
    ) throws(DAVError) -> Response {
        let outcomes = try ObjectImport(
            container: container, objects: objects, context: self,
            replaces: request.fields["If-None-Match"]?.trimmingWhitespace != "*", fields: request.fields
        ).run()
        return multistatus { (multistatus) throws(StreamError) in
            for outcome in outcomes {
                try multistatus.write(
                    href: outcome.href, outcome.status, violated: outcome.condition,
                    description: outcome.message)
            }
        }
    }
}
