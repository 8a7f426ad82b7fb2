import CLibgit2
import Store

extension GitCollection {
    func update(by author: Author, _ plan: (any Snapshot) -> UpdatePlan?) throws(StoreError) -> any Snapshot {
        try translating { () throws(GitError) in
            try letPackingPass()
            return try changing(timeout: options.lockTimeout) { (session) throws(GitError) in
                guard let plan = plan(session.snapshot) else { return }
                let changes = try changes(of: plan, to: session.snapshot.tree)
                try session.commit(
                    changes, by: author, message: plan.message, beforeEntry: plan.beforeEntry)
            }
        }
    }

    /// Runs `body`, which may commit, with the collection's lock held and the work tree in step; again, with the
    /// newer state, when another program moved the branch in between.
    func changing(
        timeout: Duration, _ body: (ChangeSession) throws(GitError) -> Void
    ) throws(GitError) -> GitSnapshot {
        try lock.held(timeout: timeout) { () throws(GitError) in
            for _ in 0..<5 {
                do throws(GitError) {
                    let session = try ChangeSession(self, timeout: timeout)
                    try body(session)
                    session.finish()
                    return session.snapshot
                } catch .branchMoved {
                    continue
                }
            }
            throw GitError.branchMoved
        }
    }

    /// The files that `plan` changes.
    ///
    /// - Throws: `invalidName` for names that are reserved or that Git refuses; `exists` where a name is taken by
    ///   what is no item: a sub-directory, a link or a container.
    private func changes(of plan: UpdatePlan, to tree: RawTree) throws(GitError) -> [FileChange] {
        var changes: [FileChange] = []
        for (name, bytes) in plan.writes {
            let file = Array(name.description.utf8)
            guard !name.isReserved, GitName.isAllowed(name) else { throw .refused(.invalidName) }
            if tree.item(named: file) == nil {
                let isContainer =
                    try FileStatus(of: directory.appending(bytes: file))?.kind == .directory
                    && !(workTree == nil && RepositoryLayout.isGitOwn(name.description))
                if isContainer || tree.entry(named: file) != nil { throw .refused(.exists) }
            }
            changes.append(.write([file], bytes))
        }
        for name in plan.deletions where !name.isReserved {
            let file = Array(name.description.utf8)
            if tree.item(named: file) != nil { changes.append(.delete([file])) }
        }
        return changes + propertyChanges(of: plan, to: tree)
    }

    /// The directory of the tree with a file for each item that has properties, under the item's name.
    ///
    /// Xandikos does not know it, and leaves it as it is.
    static let propertiesFolder = Array(".artemisios-properties".utf8)

    private func propertyChanges(of plan: UpdatePlan, to tree: RawTree) -> [FileChange] {
        let hasFolder = tree.entry(named: Self.propertiesFolder) != nil
        var properties: [ItemName: [UInt8]?] = [:]
        if hasFolder {
            for name in plan.deletions where !name.isReserved { properties[name] = .some(nil) }
        }
        for (name, bytes) in plan.properties where !name.isReserved && (hasFolder || bytes != nil) {
            properties[name] = .some(bytes)
        }
        return properties.map { name, bytes in
            let path = [Self.propertiesFolder, Array(name.description.utf8)]
            return bytes.map { .write(path, $0) } ?? .delete(path)
        }
    }
}
