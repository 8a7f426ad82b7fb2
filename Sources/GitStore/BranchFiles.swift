/// The files that say which commit the branch is at, read anew only when they changed.
///
/// Everything else than a `HEAD` that names a branch in a file of its own is left to libgit2.
final class BranchFiles {
    private let head: Path
    private let commonDirectory: Path
    /// The branch's file according to `HEAD`, and the commit in it.
    private var branch: (head: FileStatus, file: Path)?
    private var known: (status: FileStatus, commit: ObjectID)?

    init(gitDirectory: Path, commonDirectory: Path) {
        self.head = gitDirectory.appending("HEAD")
        self.commonDirectory = commonDirectory
    }

    /// The commit, nil when libgit2 has to be asked.
    func commit() throws(GitError) -> ObjectID? {
        guard let file = try branchFile(), let status = try FileStatus(of: file), status.kind == .regular
        else {
            return nil
        }
        if let known, known.status == status { return known.commit }
        known = nil
        guard let bytes = try file.read() else { return nil }
        let digits = bytes.prefix(2 * ObjectID.size)
        guard let commit = ObjectID(hex: digits),
            bytes.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "\n") })
        else { return nil }
        // Looked at before it was read: what changed in between is found next time.
        if status.isSettled { known = (status, commit) }
        return commit
    }

    private func branchFile() throws(GitError) -> Path? {
        guard let status = try FileStatus(of: head), status.kind == .regular else { return nil }
        if let branch, branch.head == status { return branch.file }
        branch = nil
        known = nil
        guard let bytes = try head.read(), bytes.starts(with: "ref: refs/heads/".utf8) else { return nil }
        let name = Array(bytes.dropFirst(5).prefix { $0 != UInt8(ascii: "\n") })
        let isPlain = name.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "/")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isPlain else { return nil }
        let file = commonDirectory.appending(bytes: name)
        if status.isSettled { branch = (status, file) }
        return file
    }
}
