import Glibc

/// Looks for what is wrong in one repository.
///
/// It changes nothing unless asked to repair; and then only what nobody can miss: files that a dead process left, and a
/// work tree that is brought in step as the next write would do.
struct RepositoryCheck {
    let collection: GitCollection
    let git: GitProgram
    let isRepairing: Bool

    /// Age in seconds from which on an unfinished file is an orphan.
    private static let orphanAge: Int64 = 3600
    /// How many complaints of Git's are worth reading.
    private static let mostComplaints = 20

    func findings() throws(GitError) -> [RepositoryFinding] {
        try objects() + leftovers() + head() + workTree()
    }

    // MARK: - What Git says

    private func objects() throws(GitError) -> [RepositoryFinding] {
        let directory = try OpenDirectory(collection.layout.gitDirectory)
        var outcome = try fsck(directory)
        // It does not look again when a repack takes a file away from it, but it will not happen so twice.
        if outcome.code != 0 { outcome = try fsck(directory) }
        let lines = Self.lines(outcome.errors + outcome.output).filter { !$0.hasPrefix("notice: ") }
        if lines.isEmpty && outcome.code != 0 {
            return [RepositoryFinding(sentence: "git fsck ends with \(outcome.code)", isRepaired: false)]
        }
        var findings = lines.prefix(Self.mostComplaints).map {
            RepositoryFinding(sentence: "git fsck: \($0)", isRepaired: false)
        }
        if lines.count > Self.mostComplaints {
            findings.append(
                RepositoryFinding(
                    sentence: "git fsck says \(lines.count - Self.mostComplaints) things more",
                    isRepaired: false))
        }
        return findings
    }

    private func fsck(_ directory: borrowing OpenDirectory) throws(GitError) -> GitProgram.Outcome {
        try git.run(["fsck", "--strict", "--full", "--no-dangling", "--no-progress"], in: directory)
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The branch leads to a commit, whose tree is there.
    private func head() -> [RepositoryFinding] {
        do throws(GitError) {
            _ = try collection.atHead()
            return []
        } catch {
            return [
                RepositoryFinding(sentence: "the newest version cannot be read: \(error)", isRepaired: false)
            ]
        }
    }

    // MARK: - What the dead left

    private func leftovers() throws(GitError) -> [RepositoryFinding] {
        let now = Int64(time(nil))
        var findings: [RepositoryFinding] = []
        for (path, age) in try oldFiles(now) {
            if isRepairing {
                let lock = try FileLock(
                    collection.layout.gitDirectory.appending(CollectionLock.fileName),
                    timeout: collection.options.lockTimeout)
                try path.remove()
                lock.free()
            }
            findings.append(
                RepositoryFinding(
                    sentence: "\(path) was left \(age / 60) minutes ago", isRepaired: isRepairing))
        }
        return findings
    }

    /// Locks of Git's, unfinished objects and unfinished items, that are older than anybody needs them.
    private func oldFiles(_ now: Int64) throws(GitError) -> [(Path, age: Int64)] {
        var found: [(Path, age: Int64)] = []
        func look(_ path: Path, olderThan seconds: Int64) throws(GitError) {
            guard let status = try FileStatus(of: path), status.kind == .regular else { return }
            let age = now - status.modified.seconds
            if age > seconds { found.append((path, age)) }
        }
        let common = collection.repository.commonDirectory
        for folder in [collection.layout.gitDirectory, common.appending("refs/heads")] {
            for name in try names(in: folder) where name.hasSuffix(".lock") && name != CollectionLock.fileName
            {
                let limit = name == "index.lock" ? StaleLock.Age.ofIndex : StaleLock.Age.ofReference
                try look(folder.appending(name), olderThan: limit / 1000)
            }
        }
        let objects = collection.repository.objectsDirectory
        for folder in try names(in: objects) where folder.utf8.count == 2 || folder == "pack" {
            for name in try names(in: objects.appending(folder)) where name.hasPrefix("tmp_") {
                try look(objects.appending(folder).appending(name), olderThan: Self.orphanAge)
            }
        }
        if let files = collection.workTree {
            for name in try names(in: files.directory) where name.hasPrefix(WorkTreeSession.temporaryPrefix) {
                try look(files.directory.appending(name), olderThan: Self.orphanAge)
            }
        }
        return found
    }

    private func names(in folder: Path) throws(GitError) -> [String] {
        guard try FileStatus(of: folder)?.kind == .directory else { return [] }
        return try folder.directoryNames().map { String(decoding: $0, as: UTF8.self) }.sorted()
    }

    // MARK: - Files beside the repository

    /// The files, the index and the newest version say the same.
    private func workTree() throws(GitError) -> [RepositoryFinding] {
        guard let files = collection.workTree else { return [] }
        let directory = try OpenDirectory(collection.layout.gitDirectory)
        let status = [
            "--work-tree=\(files.directory)", "status", "--porcelain", "--untracked-files=no", "--no-renames",
        ]
        let outcome = try git.run(status, in: directory)
        guard outcome.code == 0 else {
            return [
                RepositoryFinding(
                    sentence: "git status: \(Self.lines(outcome.errors).first ?? "\(outcome.code)")",
                    isRepaired: false)
            ]
        }
        let lines = Self.lines(outcome.output)
        if lines.isEmpty { return [] }
        if isRepairing {
            _ = try collection.changing(timeout: collection.options.lockTimeout) { _ in }
        }
        var isRepaired = false
        if isRepairing { isRepaired = try git.run(status, in: directory).output.isEmpty }
        return lines.prefix(Self.mostComplaints).map { line in
            RepositoryFinding(
                sentence: "\(line.dropFirst(3)) is not the same in the folder, the index and the history",
                isRepaired: isRepaired)
        }
    }
}
