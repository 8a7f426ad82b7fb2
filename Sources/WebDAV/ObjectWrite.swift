import HTTP
import Store

/// A write of one object into a collection, with the checks that must hold at the moment of the write.
struct ObjectWrite {
    let container: ContainerView
    let name: ItemName
    let bytes: [UInt8]
    let mediaType: String?
    let context: Context
    /// Whether the client sent other bytes, which say the same in another form.
    var isConverted = false
    /// An item of the same collection that goes away with the write: the source of a MOVE.
    var replacing: ItemName?
    /// The collection from which the object moves, and where it takes no more space then.
    var movedFrom: ContainerView?
    /// The dead properties that come along, instead of those that an item of that name has: with COPY and MOVE.
    var properties: DeadProperties?
    /// The fields of the request.
    var fields: Fields = [:]
    /// Where the object comes from, with COPY and MOVE.
    var source: Resource?
    /// What is done.
    var operation = ObjectChange.Operation.write

    /// What was written.
    struct Written {
        /// The entity tag, when what is stored is what was to be written: only then does the client know it.
        let etag: ETag?
        /// Whether the object is new.
        let isNew: Bool
        /// What is stored.
        let bytes: [UInt8]
        /// The fields for the answer.
        let fields: Fields
        /// To be called when no lock is held any more.
        let afterwards: (() -> Void)?
    }

    /// Checks the object and writes it.
    ///
    /// - Parameter holds: conditions of the request on the object that is there now, checked under the lock.
    /// - Returns: what was written.
    /// - Throws: what the checks find, and what the store refuses.
    func run(
        if holds: (Item?) throws(DAVError) -> Void
    ) throws(DAVError) -> Written {
        guard container.storage == .collection else {
            throw DAVError(.forbidden, message: "Objects can only be stored in a collection made for them.")
        }
        guard !name.isReserved else { throw DAVError(.forbidden, message: "This name cannot be used.") }
        let checked = try checkedObject()
        let collection = try container.collection()
        let location = container.location.appending(name)
        // Before the collection's lock, so that no lock is granted between the check and the write.
        try context.holdForWriting(to: container)
        var failure: DAVError?
        var isNew = false
        var stored = bytes
        var follow: ChangePlan?
        // When it is not made, or made anew, what was prepared for a change is taken back.
        var isMade = false
        defer { if !isMade { follow?.otherwise?() } }
        let after = try storing { () throws(StoreError) in
            try collection.update(by: context.author) { snapshot in
                let current = snapshot.item(named: name)
                isNew = current == nil
                follow?.otherwise?()
                follow = nil
                do {
                    failure = nil
                    try holds(current)
                    try context.locks.checkIf((location, current))
                    try requireSpace(over: current, in: snapshot)
                    if isNew {
                        try context.locks.requireMembership(of: location)
                    } else {
                        try context.locks.requireChange(of: location)
                    }
                    try checkUID(checked.uid, in: snapshot)
                    follow = try plan(current, in: snapshot)
                    stored = follow?.bytes ?? bytes
                } catch {
                    failure = error as? DAVError ?? DAVError(.internalServerError)
                    return nil
                }
                var update = UpdatePlan(
                    writes: [(name: name, bytes: stored)], deletions: replacing.map { [$0] } ?? [],
                    properties: properties.map { [(name: name, bytes: $0.bytes)] } ?? [],
                    message: message(checked, isNew: isNew))
                update.beforeEntry = follow?.beforeEntry
                return update
            }
        }
        if let failure { throw failure }
        guard let item = after.item(named: name) else {
            throw DAVError(.internalServerError, details: "\(name) is not there after it was written")
        }
        isMade = true
        let isFollowed = follow?.bytes.map { $0 != bytes } ?? false
        if !isFollowed { checked.remember?(item.version) }
        let etag = ETag(item.version)
        var fields = follow?.fields ?? [:]
        // RFC 9110 §9.3.4, RFC 4791 §5.3.4: no validator for what the client does not have.
        let isChanged = isFollowed || isConverted
        if !isChanged { fields["ETag"] = etag.description }
        return Written(
            etag: isChanged ? nil : etag, isNew: isNew, bytes: stored, fields: fields,
            afterwards: follow?.afterwards)
    }

    private func plan(_ current: Item?, in snapshot: any Snapshot) throws(DAVError) -> ChangePlan? {
        guard let rules = container.kind.changes else { return nil }
        return try rules.plan(
            ObjectChange(
                operation: operation, fields: fields, container: container,
                snapshot: snapshot, name: name, current: current, bytes: bytes, source: source,
                context: context))
    }

    private func requireSpace(over current: Item?, in snapshot: any Snapshot) throws(DAVError) {
        guard try context.hasQuota(container) else { return }
        var gone = 0
        for item in [current, replacing.flatMap { snapshot.item(named: $0) }].compactMap({ $0 }) {
            gone += try storing { () throws(StoreError) in try snapshot.byteCount(of: item.version) }
        }
        try context.requireSpace(for: bytes.count - gone, in: container, movedFrom: movedFrom)
    }

    private func checkedObject() throws(DAVError) -> CheckedObject {
        guard let check = container.kind.check else { return CheckedObject(uid: nil, title: nil) }
        return try check(
            ObjectCandidate(
                name: name, bytes: bytes, mediaType: mediaType, metadata: container.metadata, context: context
            ))
    }

    /// RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1: a UID is in one object of the collection, and an object keeps its UID.
    private func checkUID(_ uid: String?, in snapshot: any Snapshot) throws(DAVError) {
        guard let uid, let read = container.kind.uids else { return }
        let uids = try read(container, snapshot, context)
        if let holder = uids.names(uid).first(where: { $0 != name && $0 != replacing }) {
            throw conflict(with: holder)
        }
        // An object that has no UID, or cannot be read, blocks none.
        if name != replacing, let own = uids.uid(name), !own.utf8.elementsEqual(uid.utf8) {
            throw conflict(with: name)
        }
    }

    private func conflict(with name: ItemName) -> DAVError {
        let href = container.href + percentEncoded(name.description)
        return DAVError(.forbidden, violated: container.kind.uidConflict(href))
    }

    private func message(_ checked: CheckedObject, isNew: Bool) -> String {
        let what = checked.title ?? name.description
        if replacing != nil { return "Rename \(what)" }
        return "\(isNew ? "Add" : "Change") \(what)"
    }
}

extension Conditions {
    /// Throws 412, with the current entity tag, unless the conditions hold for a write (RFC 9110 §13.1).
    ///
    /// `container` is asked when the item was changed last, if that matters.
    func check(_ current: Item?, in container: ContainerView) throws(DAVError) {
        let etag = current.map { ETag($0.version) }
        let seconds =
            needsDate ? current.flatMap { container.itemTimes(for: $0.name)[$0.name]?.modified } : nil
        let modified = seconds.map { HTTPDate(secondsSince1970: $0) }
        guard evaluate(current: etag, modified: modified) == .passed else {
            throw DAVError(.preconditionFailed, fields: etag.map { ["ETag": $0.description] } ?? [:])
        }
    }
}
