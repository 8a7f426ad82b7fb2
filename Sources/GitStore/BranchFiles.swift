import CLibgit2
import Glibc

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

    /// The branch that `HEAD` names and its commit, nil when libgit2 has to be asked.
    func current() throws(GitError) -> (reference: String, commit: ObjectID)? {
        guard let commit = try commit(), let file = try branchFile(),
            let name = String(
                validating: file.bytes.dropFirst(commonDirectory.bytes.count + 1), as: UTF8.self)
        else { return nil }
        return (name, commit)
    }

    /// Moves the branch called `reference` as Git does, by a file beside it that is made, written and renamed.
    ///
    /// - Returns: false when the branch has no file of its own: then libgit2 has to do it.
    /// - Throws: `branchMoved` when it is not at `old`; an error for which `isLocked` holds while another program moves it.
    func move(
        _ reference: String, from old: ObjectID, to new: ObjectID, isDurable: Bool, hasSharedJournal: Bool
    ) throws(GitError) -> Bool {
        guard let file = try branchFile(), file == commonDirectory.appending(reference) else { return false }
        let lock = commonDirectory.appending(reference + ".lock")
        let opened: File
        do {
            opened = try File(lock, O_WRONLY | O_CREAT | O_EXCL)
        } catch .system(_, EEXIST, _) {
            throw .git(
                call: "open", code: GIT_ELOCKED.rawValue, category: 0, message: "\(lock) is there")
        } catch .system(_, ENOENT, _) {
            return false
        }
        do throws(GitError) {
            guard let bytes = try file.read() else {
                unlink(ignoringFailure: lock)
                return false
            }
            guard ObjectID(hex: bytes.prefix(2 * ObjectID.size)) == old else { throw .branchMoved }
            try opened.write(Array("\(new)\n".utf8))
            if isDurable { if hasSharedJournal { try opened.writeOut() } else { try opened.flush() } }
            try lock.rename(to: file)
        } catch {
            unlink(ignoringFailure: lock)
            throw error
        }
        known = nil
        // The one flush of the write where names are durable together: of the objects and of the branch.
        if isDurable { try file.parent.flushDirectory() }
        return true
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
