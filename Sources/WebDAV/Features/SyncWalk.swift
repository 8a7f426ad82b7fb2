import HTTP
import Store
import XML

/// Goes through a collection, and on request through those in it, for what a client does not have (RFC 6578 §3.5).
struct SyncWalk {
    /// A part of the answer.
    enum Piece {
        /// Items that are all new to the client.
        case items(Items, Range<Int>, ContainerView)
        /// What changed in a collection.
        case changes(ArraySlice<Change>, ContainerView)
        /// A collection that is new or changed.
        case member(ContainerView)
        /// A collection within which nothing can be told.
        case refused(ContainerView)
        /// A collection that is gone.
        case removed(href: String)
    }

    /// Whether all levels are asked for.
    private let isDeep: Bool
    /// Responses that there may still be.
    private var left: Int
    /// What was found, in order.
    private(set) var pieces: [Piece] = []
    /// Whether there is more than could be told.
    private(set) var isTruncated = false

    /// Prepares a walk that finds `limit` changes at most, nil for all.
    init(isDeep: Bool, limit: Int?) {
        self.isDeep = isDeep
        self.left = limit ?? .max
    }

    /// Finds what a client lacks that has `old` of a container.
    ///
    /// - Returns: what it has when it is told what was found.
    /// - Throws: 403 `DAV:valid-sync-token` when `old` is not of this container.
    mutating func walk(_ container: ContainerView, from old: SyncState) throws(DAVError) -> SyncState {
        var new = SyncState()
        guard container.storage == .collection || old.own == nil else { throw .invalidSyncToken }
        if container.storage == .collection { new.own = try lookAtItems(of: container, from: old.own) }
        guard container.holdsCollections else {
            guard old.members.isEmpty else { throw .invalidSyncToken }
            return new
        }
        new.members = try lookAtMembers(of: container, from: old.members)
        return new
    }

    /// Whether there is room for one more response, which is then taken.
    private mutating func takesRoom() -> Bool {
        guard left > 0 else {
            isTruncated = true
            return false
        }
        left -= 1
        return true
    }

    // MARK: - Items

    private mutating func lookAtItems(
        of container: ContainerView, from token: SyncToken?
    ) throws(DAVError) -> SyncToken? {
        let collection = try container.collection()
        var from: CollectionVersion?
        var after: ItemName?
        var to: any Snapshot
        switch token {
        case nil: to = try container.snapshot()
        case .complete(let version):
            from = version
            to = try container.snapshot()
        case .partial(let version, let target, let name):
            // A page goes on towards the version that the first page had in view; what changed since comes with the
            // token of that version.
            let found = try storing { () throws(StoreError) in try collection.snapshot(at: target) }
            guard let found else { throw .invalidSyncToken }
            to = found
            from = version.description.isEmpty ? nil : version
            after = name
        }
        let changes: ItemChanges
        if let from {
            let found = try storing { () throws(StoreError) in try collection.changes(from: from, to: to) }
            guard let found else { throw .invalidSyncToken }
            changes = .some(found)
        } else {
            changes = .all(to.items)
        }
        var indices = (after.map { changes.index(after: $0) } ?? 0)..<changes.count
        guard indices.count > left else {
            left -= indices.count
            add(changes, indices, of: container)
            return .complete(to.version)
        }
        isTruncated = true
        indices = indices.prefix(left)
        left = 0
        guard let last = indices.last else { return token }
        add(changes, indices, of: container)
        return .partial(from: from ?? CollectionVersion(""), to: to.version, upTo: changes[last].name)
    }

    private mutating func add(_ changes: ItemChanges, _ indices: Range<Int>, of container: ContainerView) {
        guard !indices.isEmpty else { return }
        switch changes {
        case .all(let items): pieces.append(.items(items, indices, container))
        case .some(let changes): pieces.append(.changes(changes[indices], container))
        }
    }

    // MARK: - Collections

    private mutating func lookAtMembers(
        of container: ContainerView, from old: [SyncState.Member]
    ) throws(DAVError) -> [SyncState.Member] {
        var known = Dictionary(old.map { ($0.name, $0) }) { $1 }
        var members: [SyncState.Member] = []
        for child in try container.children() {
            guard let name = child.path.name else { continue }
            let before = known.removeValue(forKey: name)
            if let member = try lookAt(child, named: name, from: before) { members.append(member) }
        }
        for gone in known.values.sorted(by: { $0.name < $1.name }) {
            guard takesRoom() else {
                members.append(gone)
                continue
            }
            // RFC 6578 §3.5.2: what was in it goes unmentioned.
            pieces.append(.removed(href: container.href + percentEncoded(gone.name.description) + "/"))
        }
        members.sort { $0.name < $1.name }
        return members
    }

    private mutating func lookAt(
        _ child: ContainerView, named name: ItemName, from before: SyncState.Member?
    ) throws(DAVError) -> SyncState.Member? {
        let digest = child.stateDigest
        let isRefused = isDeep && !child.canBeSynchronized
        // RFC 6578 §3.3: that it cannot be looked into is told once.
        if before?.shown != digest, before == nil || !isRefused {
            guard takesRoom() else { return before }
            pieces.append(isRefused ? .refused(child) : .member(child))
        }
        var state = before?.state ?? SyncState()
        if isDeep, !isRefused { state = try walk(child, from: state) }
        return SyncState.Member(name: name, shown: digest, state: state)
    }
}

/// The changes of items that a client is told of, in byte order of the names.
private enum ItemChanges {
    /// To a client without a token all items are new; they need not be in memory at once.
    case all(Items)
    case some([Change])

    var count: Int {
        switch self {
        case .all(let items): items.count
        case .some(let changes): changes.count
        }
    }

    subscript(index: Int) -> Change {
        switch self {
        case .all(let items): .written(items[index])
        case .some(let changes): changes[index]
        }
    }

    /// The index of the first change behind `name`; O(log n).
    func index(after name: ItemName) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].name <= name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension DAVError {
    /// The token is not one of this collection's (RFC 6578 §3.2).
    static var invalidSyncToken: DAVError {
        DAVError(.forbidden, violated: .dav("valid-sync-token"))
    }
}
