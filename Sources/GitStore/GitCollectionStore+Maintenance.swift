import Glibc
public import Store

/// What keeps a store small and in order, done by another process than those that answer requests.
extension GitCollectionStore {
    /// How much disk the objects of the collection at `path` take.
    ///
    /// - Parameters:
    ///   - path: the collection.
    ///   - leavingGrowing: whether the pack that writers add to is not counted among the packs.
    /// - Returns: the measure.
    /// - Throws: `notFound`; `unavailable` when the files cannot be looked at.
    /// - Complexity: O(n) in the number of loose objects, one system call for each.
    public func growth(
        of path: StorePath, leavingGrowing: Bool = false
    ) throws(StoreError) -> RepositoryGrowth {
        try translating { () throws(GitError) in
            try repack(of: path, git: "git").growth(leavingGrowing: leavingGrowing)
        }
    }

    /// Moves what is loose in the collection at `path` into packs, by the program `git`.
    ///
    /// Others read and write meanwhile, and none of them waits. Nothing is ever dropped,
    /// also not what no branch leads to.
    ///
    /// - Parameters:
    ///   - path: the collection.
    ///   - git: the name or path of the program.
    ///   - joiningAll: whether to make one pack of all; otherwise packs are joined when that is worth it.
    ///   - leavingGrowing: whether the pack that writers add to is left to them; otherwise they begin another one.
    /// - Throws: `damaged` with what Git says when it refuses; then everything is as it was.
    public func repack(
        _ path: StorePath, git: String = "git", joiningAll: Bool = false, leavingGrowing: Bool = false
    ) throws(StoreError) {
        try translating { () throws(GitError) in
            try repack(of: path, git: git).run(joiningAll: joiningAll, leavingGrowing: leavingGrowing)
        }
    }

    private func repack(of path: StorePath, git: String) throws(GitError) -> Repack {
        guard let layout = try RepositoryLayout(of: existingDirectory(at: path), within: root) else {
            throw .refused(.notFound)
        }
        return try Repack(layout, git: GitProgram(name: git), below: root)
    }

    /// Takes the right to maintain this store, which one process has at a time.
    ///
    /// - Returns: the right, given back when it goes away; nil while another process has it.
    public func maintenanceRight() throws(StoreError) -> MaintenanceRight? {
        try translating { () throws(GitError) in
            let own = root.appending(".artemisios")
            try own.makeDirectoryIfMissing()
            do throws(GitError) {
                return MaintenanceRight(
                    lock: try FileLock(own.appending("maintenance.lock"), timeout: .zero))
            } catch .lockTimeout {
                return nil
            }
        }
    }
}

/// That this process, and no other, maintains a store.
public final class MaintenanceRight {
    private let lock: FileLock

    init(lock: consuming FileLock) {
        self.lock = lock
    }
}
