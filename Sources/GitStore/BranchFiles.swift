import CLibgit2
import Glibc

/// The files that say which commit the branch is at, read anew only when they changed.
///
/// Everything else than a `HEAD` that names a branch, in a file of its own or in `packed-refs`, is left to libgit2.
final class BranchFiles {
    private let head: Path
    private let commonDirectory: Path
    /// The branch's file according to `HEAD`, and the commit in it.
    private var branch: (head: FileStatus, name: [UInt8], file: Path)?
    /// The commit, by what the file looked like that has it: the branch's own, or `packed-refs`.
    private var known: (status: FileStatus, commit: ObjectID, isPacked: Bool)?
    private let packedReferences: Path
    private let clock: FileClock

    init(gitDirectory: Path, commonDirectory: Path, clock: FileClock) {
        self.clock = clock
        self.head = gitDirectory.appending("HEAD")
        self.commonDirectory = commonDirectory
        self.packedReferences = commonDirectory.appending("packed-refs")
    }

    /// The commit, nil when libgit2 has to be asked.
    func commit() throws(GitError) -> ObjectID? {
        guard let branch = try currentBranch() else { return nil }
        let now = FileClock.now
        // A branch on its way into `packed-refs` is there before its own file goes.
        guard let status = try FileStatus(of: branch.file) else {
            guard let status = try FileStatus(of: packedReferences) else { return nil }
            return try commit(in: packedReferences, status, now) {
                Self.commit(of: branch.name, inPacked: $0)
            }
        }
        return try ownCommit(of: branch.file, status, now)
    }

    /// The commit, by the branch's own file alone, when `HEAD` and `packed-refs` are as they were at the last look.
    ///
    /// - Returns: nil when more has to be looked at.
    func commitOfKnownBranch() throws(GitError) -> ObjectID? {
        guard let branch, let known else { return nil }
        let now = FileClock.now
        guard let status = try FileStatus(of: branch.file) else { return known.isPacked ? known.commit : nil }
        return try ownCommit(of: branch.file, status, now)
    }

    /// The commit in the file of a branch.
    private func ownCommit(
        of file: Path, _ status: FileStatus, _ now: FileStatus.Timestamp
    ) throws(GitError) -> ObjectID? {
        try commit(in: file, status, now) { bytes in
            let digits = bytes.prefix(2 * ObjectID.size)
            let isAll = bytes.dropFirst(digits.count).allSatisfy { $0 == UInt8(ascii: "\n") }
            return isAll ? ObjectID(hex: digits) : nil
        }
    }

    /// What `read` finds in `file`, which was looked at before: what changed in between is found next time.
    private func commit(
        in file: Path, _ status: FileStatus, _ now: FileStatus.Timestamp, _ read: ([UInt8]) -> ObjectID?
    ) throws(GitError) -> ObjectID? {
        if let known, known.status == status { return known.commit }
        known = nil
        guard status.kind == .regular, let bytes = try file.read(), let commit = read(bytes) else {
            return nil
        }
        if clock.isSettled(status, at: now) { known = (status, commit, file == packedReferences) }
        return commit
    }

    /// The commit of the branch in a file `packed-refs` (gitrepository-layout): lines of an id, a blank and a name.
    private static func commit(of branch: [UInt8], inPacked bytes: [UInt8]) -> ObjectID? {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            let digits = line.prefix(2 * ObjectID.size)
            let rest = line.dropFirst(digits.count)
            guard rest.first == UInt8(ascii: " "), rest.dropFirst().elementsEqual(branch) else { continue }
            return ObjectID(hex: digits)
        }
        return nil
    }

    /// The branch that `HEAD` names and its commit, nil when libgit2 has to be asked.
    func current() throws(GitError) -> (reference: String, commit: ObjectID)? {
        guard let commit = try commit(), let branch = try currentBranch(),
            let name = String(validating: branch.name, as: UTF8.self)
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
        guard let file = try currentBranch()?.file, file == commonDirectory.appending(reference) else {
            return false
        }
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

    private func currentBranch() throws(GitError) -> (head: FileStatus, name: [UInt8], file: Path)? {
        let now = FileClock.now
        guard let status = try FileStatus(of: head), status.kind == .regular else { return nil }
        if let branch, branch.head == status { return branch }
        branch = nil
        known = nil
        guard let bytes = try head.read(), bytes.starts(with: "ref: refs/heads/".utf8) else { return nil }
        let name = Array(bytes.dropFirst(5).prefix { $0 != UInt8(ascii: "\n") })
        let isPlain = name.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "/")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isPlain else { return nil }
        let found = (head: status, name: name, file: commonDirectory.appending(bytes: name))
        if clock.isSettled(status, at: now) { branch = found }
        return found
    }
}
