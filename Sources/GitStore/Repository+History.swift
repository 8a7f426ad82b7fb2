import CLibgit2

extension Repository {
    /// True when `commit` came before `head` or is it; false for a commit that is not there.
    ///
    /// - Complexity: O(n) in the number of commits after `commit`, and before it by date.
    func history(of head: ObjectID, has commit: ObjectID) throws(GitError) -> Bool {
        if head == commit { return true }
        do throws(GitError) {
            guard try header(commit).type == GIT_OBJECT_COMMIT else { return false }
        } catch  where error.isNotFound {
            return false
        }
        return try isDescendant(head, of: commit)
    }
}
