import Glibc

/// That a collection grows faster than it is packed: writers then let the one who packs it go first.
///
/// It is a kernel lock on a file in the Git directory, held while the collection is packed; it ends when its holder dies.
final class PackingHurry {
    private var lock: FileLock?

    private static let fileName = "artemisios.packing"
    /// How long a writer waits for the end of it, at most.
    private static let patience = Duration.milliseconds(35)
    /// Trees from this size on are what makes a collection grow.
    static let largeTreeBytes = 64 << 10

    /// Begins where what is not packed takes as much as what is; nil elsewhere.
    init?(_ gitDirectory: Path, _ growth: RepositoryGrowth, spared: ObjectFiles.Loose?) throws(GitError) {
        guard let spared, growth.looseBytes + spared.byteCount >= growth.packBytes else { return nil }
        do throws(GitError) {
            lock = try FileLock(gitDirectory.appending(Self.fileName), timeout: .milliseconds(10))
        } catch .lockTimeout {
            // Somebody else packs it, or a writer just looks whether anybody does.
            return nil
        }
    }

    /// Lets the writers go on.
    func end() { lock = nil }

    /// Waits a little while the collection in `gitDirectory` is packed in a hurry.
    static func letPass(in gitDirectory: Path) throws(GitError) {
        let path = gitDirectory.appending(fileName)
        var wait = Wait(timeout: patience)
        repeat {
            let file: File
            do throws(GitError) {
                file = try File(path, O_RDONLY | O_NOFOLLOW)
            } catch .system(_, ENOENT, _) {
                return
            }
            if flock(file.descriptor, LOCK_SH | LOCK_NB) == 0 { return }
        } while wait.pause()
    }
}
