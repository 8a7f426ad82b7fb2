import CLibgit2
import Store

extension GitCollection {
    /// True when the commit `entry` is what HEAD leads to, or one that came before it.
    func hasEntry(_ entry: EntryID) throws(StoreError) -> Bool {
        guard let id = ObjectID(hex: entry.description.utf8) else { return false }
        return try translating { () throws(GitError) in
            guard let head = try repository.headCommit() else { return false }
            return try repository.history(of: head, has: id)
        }
    }
}
