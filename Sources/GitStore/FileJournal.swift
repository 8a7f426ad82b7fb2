import CLibgit2
import Glibc
public import Store

/// A journal whose records are files in a directory; who holds one has a kernel lock on it.
public final class FileJournal: Journal {
    private let parent: Path
    private let directory: Path
    private let fsync: Bool
    private var count = 0
    private var isMade = false

    /// The journal of the store below `root`, in a directory that is made when it is first needed.
    public init(root: String, fsync: Bool = true) {
        self.parent = Path(root + "/.artemisios")
        self.directory = parent.appending("journal")
        self.fsync = fsync
    }

    /// Keeps a record in a file of its own.
    public func add(_ record: [UInt8]) throws(StoreError) -> JournalEntry {
        try translating { () throws(GitError) in
            try makeDirectory()
            let name = nextName()
            // Nobody looks at the file before it has its name, and then it is whole and locked.
            let temporary = directory.appending(".\(name)")
            let file = try File(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, permissions: 0o600)
            do throws(GitError) {
                try system("flock", temporary) { flock(file.descriptor, LOCK_EX | LOCK_NB) }
                try file.write(record)
                if fsync { try file.flush() }
                try temporary.rename(to: directory.appending(name))
            } catch {
                unlink(ignoringFailure: temporary)
                throw error
            }
            if fsync { try directory.flushDirectory() }
            return entry(name, file)
        }
    }

    /// Removes the file.
    public func finish(_ entry: JournalEntry) throws(StoreError) {
        try translating { () throws(GitError) in try directory.appending(entry.name).remove() }
    }

    /// Locks the files that nobody has a lock on.
    public func takeOver() throws(StoreError) -> [(entry: JournalEntry, record: [UInt8])] {
        try translating { () throws(GitError) in
            let names: [String]
            do throws(GitError) {
                names = try directory.directoryNames().compactMap { String(validating: $0, as: UTF8.self) }
            } catch .system(_, ENOENT, _) {
                return []
            }
            var taken: [(entry: JournalEntry, record: [UInt8])] = []
            for name in names.sorted() where name.utf8.first != UInt8(ascii: ".") {
                if let (entry, record) = try takeOver(name) { taken.append((entry: entry, record: record)) }
            }
            return taken
        }
    }

    private func takeOver(_ name: String) throws(GitError) -> (JournalEntry, [UInt8])? {
        let path = directory.appending(name)
        let file: File
        do throws(GitError) {
            file = try File(path, O_RDWR | O_NOFOLLOW)
        } catch .system(_, ENOENT, _) {
            return nil
        }
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
        // It may have been finished before the lock was free.
        let status = try FileStatus(of: file.descriptor, path: path)
        guard let there = try FileStatus(of: path), there.isSameFile(as: status) else { return nil }
        let record = try file.readToEnd(expecting: Int(status.size))
        return (entry(name, file), record)
    }

    private func entry(_ name: String, _ file: consuming File) -> JournalEntry {
        let descriptor = dup(file.descriptor)
        return JournalEntry(name: name) { if descriptor >= 0 { close(descriptor) } }
    }

    /// The time first, so that the names are in the order in which the records were made.
    private func nextName() -> String {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        count += 1
        let nanoseconds = UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
        let time = String(nanoseconds, radix: 16)
        return String(repeating: "0", count: max(0, 16 - time.count)) + "\(time)-\(getpid())-\(count)"
    }

    private func makeDirectory() throws(GitError) {
        guard !isMade else { return }
        try parent.makeDirectoryIfMissing()
        try directory.makeDirectoryIfMissing()
        isMade = true
    }
}
