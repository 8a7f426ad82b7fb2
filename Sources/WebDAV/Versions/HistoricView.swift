import HTTP
import Store
import XML

/// Collections as they were: below the URL of each, at `.artemisios/` and an entry of its history or a time.
///
/// `…/calendar/.artemisios/2026-03-01T12:00:00Z/` is a collection that can be read, listed, searched and synchronised
/// from, and changed by nobody. `…/calendar/.artemisios/ENTRY/a.ics` is a version of an object (RFC 3253 §3.4): it has these
/// bytes for ever. No object and no collection has such a name (`ItemName.isReserved`), so no URL means two things.
extension Context {
    /// The name that leads into the past of a collection.
    static let historyName = ".artemisios"

    /// What is at a URL of the past; nil for any other URL.
    ///
    /// - Throws: 404 where there is nothing, and for who may not see what was there before.
    func historicTarget(at path: Path) throws(DAVError) -> Target? {
        guard let index = path.segments.firstIndex(of: Self.historyName) else { return nil }
        let base = try storePath(Path(segments: Array(path.segments[..<index]), endsInSlash: true))
        let rest = path.segments[(index + 1)...]
        guard let when = rest.first, rest.count <= 2, let container = try container(at: base),
            container.storage == .collection,
            container.privileges.isSuperset(of: [.read, .readHistory]),
            let view = try historicView(of: container, at: when)
        else { throw DAVError(.notFound) }
        guard rest.count == 2, let last = rest.last else { return .resource(view.resource) }
        guard let name = ItemName(last), !name.isReserved else { throw DAVError(.notFound) }
        if let item = try view.item(named: name) { return .resource(item) }
        return .vacant(VacantURL(parent: view, path: view.path.appending(name), name: name))
    }

    /// A collection as it was after an entry of its history, or at a time.
    private func historicView(of container: ContainerView, at when: String) throws(DAVError) -> ContainerView?
    {
        let entry: HistoryEntry?
        if let latest = latestTime(when) {
            entry = try self.entry(of: container, until: latest)
        } else {
            let collection = try container.collection()
            entry = try storing { () throws(StoreError) in
                try collection.history(from: EntryID(when), limit: 1)?.first
            }
        }
        return entry.map { historicView(of: container, $0, named: when) }
    }

    /// A collection, or what one was, as it was after `entry`; `when` is what its URL says.
    func historicView(
        of container: ContainerView, _ entry: HistoryEntry, named when: String? = nil
    ) -> ContainerView {
        let names = [Self.historyName, when ?? entry.id.description].compactMap(ItemName.init)
        let live = container.liveView
        return ContainerView(
            live, asOf: entry, at: StorePath(live.path.names + names), context: self)
    }

    /// The last entry that is not younger than `latest`.
    private func entry(
        of container: ContainerView, until latest: String
    ) throws(DAVError) -> HistoryEntry? {
        let collection = try container.collection()
        var from: EntryID?
        for _ in 0..<Self.maxPages {
            let page = try storing { () throws(StoreError) in
                try collection.history(from: from, limit: Self.page) ?? []
            }
            let found = page.first {
                !latest.utf8.lexicographicallyPrecedes(HTTPDate(secondsSince1970: $0.time).internetDate.utf8)
            }
            if let found { return found }
            guard page.count == Self.page else { return nil }
            from = page.last?.id
        }
        return nil
    }

    /// Entries that are read at once, and how often: bounds on looking for a time.
    private static let page = 500
    private static let maxPages = 200

    /// The last second of what a URL names: a time in UTC, or a day (RFC 3339); nil for anything else.
    private func latestTime(_ text: String) -> String? {
        let pattern = Array("0000-00-00T00:00:00Z".utf8)
        let bytes = Array(text.utf8)
        guard bytes.count == pattern.count || bytes.count == 10 else { return nil }
        for (byte, expected) in zip(bytes, pattern) {
            let isRight = expected == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == expected
            guard isRight else { return nil }
        }
        return bytes.count == 10 ? text + "T23:59:59Z" : text
    }
}

extension ContainerView {
    /// The URL of the version of an item that `entry` made.
    func versionHref(_ name: ItemName, _ entry: EntryID) -> String {
        "\(href)\(Context.historyName)/\(percentEncoded(entry.description))/\(percentEncoded(name.description))"
    }
}
