import Glibc
import Store

/// The files of a repository that has them beside its `.git`.
///
/// After each change of ours the tree of HEAD, the index and the files are the same. What a person changed in between,
/// staged or not, is committed first, under their own name. A tracked file that is missing is put back: deleting is
/// done with `git rm`. Files Git does not know stay as they are, unless an item of their name is written: then their
/// bytes are committed first.
struct WorkTree {
    let directory: Path
    let gitDirectory: Path
    let options: GitStoreOptions

    init(_ directory: Path, gitDirectory: Path, options: GitStoreOptions) {
        self.directory = directory
        self.gitDirectory = gitDirectory
        self.options = options
    }

    var index: Path { gitDirectory.appending("index") }
    var indexLock: Path { gitDirectory.appending("index.lock") }

    /// Where it is written down for which commit the index and the files were last brought in step, and what they
    /// looked like then.
    ///
    /// An index that differs from HEAD may be behind it, because its writer was killed or because somebody pushed,
    /// or ahead of it, because somebody staged. What it has in common with this commit is behind.
    var record: Path { gitDirectory.appending("artemisios.synced") }

    /// True when nothing seems to have happened since `commit` was brought in step.
    ///
    /// This looks at the index and at the directory, not at every file: an edit in place is found by the next write.
    func isInStep(with commit: ObjectID?) throws(GitError) -> Bool {
        try record.read() == recordText(for: commit)
    }

    func writeRecord(for commit: ObjectID?) throws(GitError) {
        try record.replace(
            with: recordText(for: commit), through: record.suffixed(".new"), fsync: options.fsync)
    }

    /// The commit of the record; nil when there is no record or it tells of a branch without commits.
    func recordedCommit() throws(GitError) -> ObjectID? {
        try record.read().flatMap { ObjectID(hex: $0.prefix(2 * ObjectID.size)) }
    }

    private func recordText(for commit: ObjectID?) throws(GitError) -> [UInt8] {
        var text = commit?.description ?? "-"
        for path in [index, directory] {
            guard let status = try FileStatus(of: path) else {
                text += " -"
                continue
            }
            text += " \(status.inode) \(status.modified.seconds).\(status.modified.nanoseconds)"
            if path == index { text += " \(status.size)" }
        }
        return Array((text + "\n").utf8)
    }
}
