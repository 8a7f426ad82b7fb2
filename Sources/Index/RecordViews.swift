internal import CLinux
public import Store

/// The views of the collections that a process asked for lately, filled from the index and filling it.
///
/// Answers never depend on the index: without it every record is made from the object itself.
public final class RecordViews {
    private struct Entry {
        let view: RecordView
        /// Items whose record could not be made, and may be next time.
        var missing: [Item]
        var lastUse: UInt64
    }

    private let index: RecordIndex?
    private let format: RecordFormat
    private let maxBytes: Int
    private let facts: (ArraySlice<UInt8>) -> RecordFacts
    private var entries: [StorePath: Entry] = [:]
    private var uses: UInt64 = 0

    /// Records are stored in the index at the latest after so many were made.
    ///
    /// More at once would leave holes in the index, and memory that LMDB keeps.
    private static let batch = 512
    /// Reading or making so many records leaves memory behind that is worth to be given back.
    private static let many = 200

    /// Makes an empty set of views.
    ///
    /// - Parameters:
    ///   - index: the index that all processes share, nil to do without.
    ///   - format: the format of the records.
    ///   - maxBytes: memory of all views, but for the one in use; views that were not used lately are let go.
    ///   - facts: reads from a record what it is found by.
    public init(
        _ index: RecordIndex?, _ format: RecordFormat, maxBytes: Int,
        facts: @escaping (ArraySlice<UInt8>) -> RecordFacts
    ) {
        self.index = index
        self.format = format
        self.maxBytes = maxBytes
        self.facts = facts
    }

    /// The view of the collection at `path` as it is in `snapshot`.
    ///
    /// - Parameters:
    ///   - path: where the collection is.
    ///   - snapshot: the collection.
    ///   - changes: what changed in the collection from a version to `snapshot`, nil when that is not known.
    ///   - make: makes the record of an item that the index does not know; nil when it cannot be made now: then the
    ///     item is not in the view, and asked for again next time.
    /// - Returns: the view; it is of that version until the next call for the same path.
    /// - Complexity: O(1) at the same version as last time; else by what changed.
    public func view(
        of path: StorePath, at snapshot: any Snapshot, changes: (CollectionVersion) -> [Change]?,
        make: (Item) -> [UInt8]?
    ) -> RecordView {
        uses += 1
        if var entry = entries[path] {
            entry.lastUse = uses
            if move(&entry, to: snapshot, changes, make) {
                entries[path] = entry
                return entry.view
            }
        }
        let view = RecordView(snapshot.version, facts: facts)
        view.reserve(snapshot.items.count)
        var missing: [Item] = []
        forEachRecord(of: snapshot.items, make) { item, record in
            if let record { view.append(item, record) } else { missing.append(item) }
        }
        view.finish()
        entries[path] = Entry(view: view, missing: missing, lastUse: uses)
        letGo(except: path)
        return view
    }

    /// Keeps the record of an object that was just written for all processes.
    public func remember(_ record: [UInt8], of version: ItemVersion) {
        index?.store(format, [(version, record)])
    }

    private func move(
        _ entry: inout Entry, to snapshot: any Snapshot, _ changes: (CollectionVersion) -> [Change]?,
        _ make: (Item) -> [UInt8]?
    ) -> Bool {
        let view = entry.view
        let version = snapshot.version
        guard version != view.version || !entry.missing.isEmpty else { return true }
        var written = entry.missing
        if version != view.version {
            guard let changes = changes(view.version), changes.count <= max(64, view.count / 4) else {
                return false
            }
            let changed = Set(changes.map(\.name))
            written.removeAll { changed.contains($0.name) }
            for change in changes {
                switch change {
                case .written(let item): written.append(item)
                case .deleted(let name): view.remove(name)
                }
            }
            view.version = version
        }
        entry.missing = []
        forEachRecord(of: Items(written), make) { item, record in
            if let record {
                view.set(item, record)
            } else {
                view.remove(item.name)
                entry.missing.append(item)
            }
        }
        return true
    }

    /// Hands each item with its record to `body`, those that the index does not know last.
    private func forEachRecord(
        of items: Items, _ make: (Item) -> [UInt8]?, _ body: (Item, ArraySlice<UInt8>?) -> Void
    ) {
        var unknown: [Item] = []
        if let index {
            var position = 0
            index.records(format, items.lazy.map(\.version)) { _, record in
                if let record { body(items[position], record) } else { unknown.append(items[position]) }
                position += 1
            }
        } else {
            unknown = Array(items)
        }
        var made: [(ItemVersion, [UInt8])] = []
        for item in unknown {
            guard let record = make(item) else {
                body(item, nil)
                continue
            }
            body(item, record[...])
            guard let index else { continue }
            made.append((item.version, record))
            if made.count == Self.batch {
                index.store(format, made)
                made.removeAll(keepingCapacity: true)
            }
        }
        if !made.isEmpty { index?.store(format, made) }
        // What objects were read into lies, freed, between what stays of them.
        if unknown.count >= Self.many { index?.rest() }
        if items.count >= Self.many { linux_return_memory() }
    }

    private func letGo(except path: StorePath) {
        var bytes = entries.values.reduce(0) { $0 + $1.view.byteCount }
        while bytes > maxBytes,
            let oldest = entries.filter({ $0.key != path }).min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            bytes -= oldest.value.view.byteCount
            entries[oldest.key] = nil
        }
    }
}
