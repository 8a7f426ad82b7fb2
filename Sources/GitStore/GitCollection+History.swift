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

    /// Entries from `entry` on back, along the first parents.
    func history(from entry: EntryID?, limit: Int) throws(StoreError) -> [HistoryEntry]? {
        if let entry, entry != toldEntry, try !hasEntry(entry) { return nil }
        return try translating { () throws(GitError) in
            var next = entry.flatMap { ObjectID(hex: $0.description.utf8) }
            if entry == nil { next = try repository.headCommit() }
            var entries: [HistoryEntry] = []
            while let id = next, entries.count < limit {
                let parsed: (entry: HistoryEntry, parent: ObjectID?)
                do throws(GitError) {
                    parsed = try repository.historyEntry(id)
                } catch  where error.isNotFound && !entries.isEmpty {
                    // The history of a shallow clone ends where it was cut off.
                    break
                }
                entries.append(parsed.entry)
                next = parsed.parent
            }
            toldEntry = entries.last?.id
            return entries
        }
    }
}

extension Repository {
    /// What the commit called `id` says.
    fileprivate func historyEntry(
        _ id: ObjectID
    ) throws(GitError) -> (entry: HistoryEntry, parent: ObjectID?) {
        let (type, bytes) = try read(id)
        guard type == GIT_OBJECT_COMMIT else { throw .malformed("\(id) is no commit") }
        var tree = ""
        var parent: ObjectID?
        var author = ""
        var time: Int64 = 0
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end != rest.startIndex {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let value = line[(space + 1)...]
            switch String(decoding: line[..<space], as: UTF8.self) {
            case "tree": tree = String(decoding: value, as: UTF8.self)
            case "parent": parent = parent ?? ObjectID(hex: value)
            case "author":
                let name = value.prefix { $0 != UInt8(ascii: "<") }
                author = String(decoding: name.last == 0x20 ? name.dropLast() : name, as: UTF8.self)
            case "committer":
                let words = value.split(separator: UInt8(ascii: " "))
                time =
                    words.count < 2 ? 0 : Int64(String(decoding: words[words.count - 2], as: UTF8.self)) ?? 0
            default: break
            }
        }
        let entry = HistoryEntry(
            id: EntryID(id.description), version: CollectionVersion(tree), time: time, author: author,
            message: Self.message(rest.dropFirst()))
        return (entry, parent)
    }

    /// A message without the trailers that tell who asked, and with what.
    private static func message(_ bytes: ArraySlice<UInt8>) -> String {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        while let last = lines.last {
            let isTrailer = last.starts(with: "Remote-User: ".utf8) || last.starts(with: "Requester: ".utf8)
            guard last.isEmpty || isTrailer else { break }
            lines.removeLast()
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
    }
}
