import Glibc
public import Store

extension GitCollectionStore {
    /// What was removed and is still there, the oldest first.
    public func trash() throws(StoreError) -> [TrashEntry] {
        try translating { () throws(GitError) in
            try Trash(below: root, fsync: options.fsync).entries()
        }
    }

    /// Puts what was removed back.
    ///
    /// - Parameters:
    ///   - id: the entry in the trash.
    ///   - path: where to put it; nil: where it was.
    /// - Returns: where it is now.
    /// - Throws: `notFound` when there is no such entry, or nobody knows where it was; `exists` when something is
    ///   there; `parentMissing` when there is no container to put it in.
    @discardableResult
    public func restore(_ id: String, to path: StorePath? = nil) throws(StoreError) -> StorePath {
        try translating { () throws(GitError) in
            let trash = Trash(below: root, fsync: options.fsync)
            guard let entry = try trash.entries().first(where: { $0.id == id }),
                let destination = path ?? entry.path, destination.parent != nil
            else { throw .refused(.notFound) }
            try trash.giveBack(id, to: freePlace(at: destination))
            if options.fsync, let parent = destination.parent {
                try existingDirectory(at: parent).flushDirectory()
            }
            return destination
        }
    }

    /// Removes what was removed before `time`, in seconds since 1970, for good.
    ///
    /// - Returns: what is gone.
    /// - Throws: `readOnly`, and what the system says.
    @discardableResult
    public func purgeTrash(removedBefore time: Int64) throws(StoreError) -> [TrashEntry] {
        try translating { () throws(GitError) in
            let trash = Trash(below: root, fsync: options.fsync)
            let old = try trash.entries().filter { $0.removed < time }
            for entry in old { try trash.purge(entry.id) }
            try trash.purgeUnfinished()
            return old
        }
    }
}

extension Trash {
    private var place: Path { root.appending(".artemisios").appending("trash") }

    /// How the name of an entry begins that is being removed for good.
    private static let purgePrefix = ".purge-"

    func entries() throws(GitError) -> [TrashEntry] {
        var entries: [TrashEntry] = []
        for id in try names() where !id.hasPrefix(".") {
            guard try FileStatus(of: place.appending(id).appending("content")) != nil else { continue }
            let record = try place.appending(id).appending("record").read() ?? []
            let fields = Self.fields(record)
            let time = fields["removed"] ?? id.split(separator: "-").first.map(String.init)
            entries.append(
                TrashEntry(
                    id: id, path: fields["path"].flatMap { PercentText.path($0) },
                    removed: time.flatMap { Int64($0) } ?? 0)
            )
        }
        return entries.sorted { ($0.removed, $0.id) < ($1.removed, $1.id) }
    }

    /// Moves the container of an entry to `destination`, where nothing may be.
    func giveBack(_ id: String, to destination: Path) throws(GitError) {
        let entry = place.appending(id)
        do throws(GitError) {
            try entry.appending("content").renameToNew(destination)
        } catch {
            if case .system(_, EEXIST, _) = error { throw .refused(.exists) }
            throw error
        }
        try entry.removeTree()
    }

    /// Removes an entry for good; one that is half removed is no entry any more.
    func purge(_ id: String) throws(GitError) {
        let doomed = place.appending(Self.purgePrefix + id)
        try place.appending(id).rename(to: doomed)
        try doomed.removeTree()
    }

    /// Goes on where a killed process left off.
    func purgeUnfinished() throws(GitError) {
        for name in try names() where name.hasPrefix(Self.purgePrefix) {
            try place.appending(name).removeTree()
        }
    }

    private func names() throws(GitError) -> [String] {
        guard try FileStatus(of: place)?.kind == .directory else { return [] }
        return try place.directoryNames().map { String(decoding: $0, as: UTF8.self) }
    }

    private static func fields(_ record: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for line in record.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon + 2 <= line.endIndex else {
                continue
            }
            fields[String(decoding: line[..<colon], as: UTF8.self)] = String(
                decoding: line[(colon + 2)...], as: UTF8.self)
        }
        return fields
    }
}
