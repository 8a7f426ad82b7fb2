import HTTP
import Store

/// The versions that an item had, newest first, as far as they were looked for.
struct ItemVersions {
    /// One version: the entry of the history that made it, and the item as it was then.
    struct Version {
        let entry: HistoryEntry
        let item: Item
    }

    /// The versions.
    let versions: [Version]
    /// Where the search ended, nil when that was where the history begins.
    let rest: EntryID?

    /// Names in the collection, over all entries looked at: a bound on what one search costs.
    private static let maxNames = 4_000_000
    private static let maxEntries = 20_000
    private static let page = 100

    /// Looks for the versions of the item called `name` from `start` on back; nil: from the newest entry.
    init(of name: ItemName, in collection: any ItemCollection, from start: EntryID?) throws(DAVError) {
        var versions: [Version] = []
        var newer: Version?
        var newerVersion: CollectionVersion?
        var newerItem: Item?
        var from = start
        var (names, count) = (0, 0)
        var isFirstPage = true
        search: while true {
            let page = try storing { () throws(StoreError) in
                try collection.history(from: from, limit: Self.page) ?? []
            }
            // Each page but the first begins with the entry that the one before ended with.
            for entry in page.dropFirst(isFirstPage ? 0 : 1) {
                if entry.version != newerVersion {
                    let snapshot = try storing { () throws(StoreError) in
                        try collection.snapshot(at: entry.version)
                    }
                    guard let snapshot else { break search }
                    newerItem = snapshot.item(named: name)
                    newerVersion = entry.version
                    names += snapshot.items.count
                }
                count += 1
                if let known = newer, known.item.version != newerItem?.version {
                    versions.append(known)
                    newer = nil
                }
                newer = newerItem.map { Version(entry: entry, item: $0) }
                guard names < Self.maxNames, count < Self.maxEntries else {
                    self.versions = versions
                    self.rest = entry.id
                    return
                }
            }
            guard page.count == Self.page, let last = page.last else { break }
            from = last.id
            isFirstPage = false
        }
        if let newer { versions.append(newer) }
        self.versions = versions
        self.rest = nil
    }
}

/// Which entry of its history made each item of a collection what it is now, found out no further than asked.
final class LatestEntries {
    private let collection: any ItemCollection
    private let snapshot: any Snapshot
    private var found: [ItemName: EntryID] = [:]
    private var newer: (entry: HistoryEntry, snapshot: any Snapshot)?
    private var waiting: [HistoryEntry] = []
    private var isAtEnd = false
    private var names = 0

    private static let maxNames = 4_000_000
    private static let page = 100

    init(of collection: any ItemCollection, at snapshot: any Snapshot) {
        self.collection = collection
        self.snapshot = snapshot
    }

    /// The entry that made the item called `name` what it is; nil when it is too far back.
    func entry(of name: ItemName) throws(StoreError) -> EntryID? {
        while found[name] == nil, !isAtEnd { try step() }
        return found[name]
    }

    /// Looks at one entry more.
    private func step() throws(StoreError) {
        if waiting.isEmpty {
            let page = try collection.history(from: newer?.entry.id, limit: Self.page) ?? []
            waiting = Array(page.dropFirst(newer == nil ? 0 : 1).reversed())
        }
        guard let entry = waiting.popLast(), names < Self.maxNames else {
            isAtEnd = true
            // Where the history begins all that is left began.
            if let newer, names < Self.maxNames {
                for item in newer.snapshot.items where found[item.name] == nil {
                    found[item.name] = newer.entry.id
                }
            }
            return
        }
        guard let older = try collection.snapshot(at: entry.version) else {
            isAtEnd = true
            return
        }
        names += older.items.count
        if let newer, newer.entry.version != entry.version {
            for change in try collection.changes(from: entry.version, to: newer.snapshot) ?? []
            where found[change.name] == nil {
                found[change.name] = newer.entry.id
            }
        }
        newer = (entry, older)
    }
}
