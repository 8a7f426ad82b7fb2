public import Store

extension GitCollectionStore {
    /// What is not as it should be in the repository of the collection at `path`, by Git's own check and ours.
    ///
    /// - Parameters:
    ///   - path: the collection.
    ///   - isRepairing: whether to put right what can be put right without losing anything: what a dead process left
    ///     is removed, and hand-made changes in a work tree are committed, as the next write would do.
    ///   - git: the name or path of the program.
    /// - Returns: what was found, nothing when all is well.
    /// - Throws: `notFound`, and what keeps the check from being made.
    /// - Complexity: reads every object of the history.
    public func check(
        _ path: StorePath, isRepairing: Bool = false, git: String = "git"
    ) throws(StoreError) -> [RepositoryFinding] {
        try translating { () throws(GitError) in
            try RepositoryCheck(
                collection: gitCollection(at: path), git: GitProgram(name: git), isRepairing: isRepairing
            ).findings()
        }
    }

    /// The collection at `path` as its history has it, with no look at what was changed by hand.
    public func committedSnapshot(of path: StorePath) throws(StoreError) -> any Snapshot {
        try translating { () throws(GitError) in try gitCollection(at: path).atHead() }
    }
}
