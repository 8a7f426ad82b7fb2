import Store

/// When the items of a collection were made and last changed, found in its history.
///
/// What is new is followed commit by commit, the old is looked through backwards in steps, each a bounded amount of work:
/// what was not found by then is not known. Merges are followed along their first parents.
struct ItemHistory {
    /// What is known by now.
    private(set) var times: ItemTimesTable = [:]
    private var newest: State?
    /// The oldest commit looked at, nil when there is no older one or no need for it.
    private var oldest: State?
    private var bytesRead = 0

    private struct State {
        let commit: ObjectID
        let tree: RawTree
    }

    /// Bytes of trees read in one step and in all, and commits followed forward.
    private static let bytesPerStep = 4 << 20
    private static let maxBytes = 256 << 20
    private static let maxNewCommits = 100

    /// Follows the history up to `commit`, whose tree is `tree`.
    mutating func advance(to commit: ObjectID, _ tree: RawTree, in repository: Repository) throws(GitError) {
        guard newest?.commit != commit else { return }
        let now = State(commit: commit, tree: tree)
        guard let before = newest, let path = try Self.path(from: before, to: commit, in: repository) else {
            // The first look, or another history: all anew.
            self = ItemHistory()
            newest = now
            oldest = now
            return
        }
        var older = before.tree
        for id in path {
            let new = id == commit ? tree : try repository.tree(ofCommit: id, like: older)
            let time = try repository.time(ofCommit: id)
            for change in older.changes(to: new) {
                let name = change.name
                if case .deleted = change {
                    times[name] = nil
                } else if older.item(named: Array(name.description.utf8)) == nil {
                    times[name] = ItemTimes(created: time, modified: time)
                } else {
                    times[name] = ItemTimes(created: times[name]?.created, modified: time)
                }
            }
            older = new
        }
        newest = now
    }

    /// The commits after `before` up to `commit`, the oldest first; nil when they are too many or there is no such way.
    private static func path(
        from before: State, to commit: ObjectID, in repository: Repository
    ) throws(GitError) -> [ObjectID]? {
        var path: [ObjectID] = []
        var next = Optional(commit)
        while let id = next, id != before.commit {
            guard path.count < maxNewCommits else { return nil }
            path.append(id)
            next = try repository.commit(id).parent
        }
        return next == nil ? nil : path.reversed()
    }

    /// Looks through a part of the older history, if that can tell more of the item called `name`, or of any one.
    mutating func lookBack(for name: ItemName?, in repository: Repository) throws(GitError) {
        let end = min(bytesRead + Self.bytesPerStep, Self.maxBytes)
        while let child = oldest, needsMore(name), bytesRead < end {
            let time = try repository.time(ofCommit: child.commit)
            let parent = try repository.commit(child.commit).parent
            let tree: RawTree
            if let parent {
                // A shallow clone ends here.
                do throws(GitError) {
                    tree = try repository.tree(ofCommit: parent, like: child.tree)
                } catch {
                    oldest = nil
                    return
                }
            } else {
                tree = .empty
            }
            bytesRead += tree.bytes.count + 512
            for case .written(let item) in tree.changes(to: child.tree) {
                note(item.name, time, isNew: tree.item(named: Array(item.name.description.utf8)) == nil)
            }
            oldest = parent.map { State(commit: $0, tree: tree) }
        }
        if bytesRead >= Self.maxBytes { oldest = nil }
    }

    /// Notes a change found while looking back: the first found is the last one made.
    private mutating func note(_ name: ItemName, _ time: Int64, isNew: Bool) {
        // What is gone by now does not matter.
        guard newest?.tree.item(named: Array(name.description.utf8)) != nil else { return }
        var known = times[name] ?? ItemTimes()
        guard known.created == nil else { return }
        if known.modified == nil { known.modified = time }
        if isNew { known.created = time }
        times[name] = known
    }

    private func needsMore(_ name: ItemName?) -> Bool {
        if let name { return times[name]?.modified == nil }
        return times.count < newest?.tree.items.count ?? 0 || !times.knowsAllBeginnings
    }
}

extension GitCollection {
    func itemTimes(for name: ItemName?, in snapshot: any Snapshot) throws(StoreError) -> ItemTimesTable {
        try translating { () throws(GitError) in
            // Also under the lock, where hand-made changes are committed by others.
            let known = currentSnapshot.flatMap { $0 === snapshot ? $0 : nil }
            let tree: RawTree
            if let known { tree = known.tree } else { tree = try atHead().tree }
            guard let commit = currentCommit else { return [:] }
            try itemHistory.advance(to: commit, tree, in: repository)
            try itemHistory.lookBack(for: name, in: repository)
            return itemHistory.times
        }
    }
}

extension Repository {
    /// When the commit called `id` was made, in seconds since 1970-01-01T00:00:00Z; 0 when it does not say.
    fileprivate func time(ofCommit id: ObjectID) throws(GitError) -> Int64 {
        for line in try read(id).bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            guard !line.isEmpty else { break }
            guard line.starts(with: "committer ".utf8) else { continue }
            let fields = line.split(separator: UInt8(ascii: " "))
            return Int64(String(decoding: fields.dropLast().last ?? [], as: UTF8.self)) ?? 0
        }
        return 0
    }
}
