public import Store

/// A path written with slashes.
public func path(_ text: String) -> StorePath {
    StorePath(text.split(separator: "/").map { name(String($0)) })
}

/// A name known to be good.
public func name(_ text: String) -> ItemName {
    guard let name = ItemName(text) else { preconditionFailure("\(text) is no name") }
    return name
}

/// Who writes in tests.
public let ana = Author(name: "Ana", email: "ana@example.org", remoteUser: "ana", requester: "Tests/1")

extension ItemCollection {
    /// Writes one item.
    @discardableResult
    public func write(_ text: String, to item: String) throws(StoreError) -> any Snapshot {
        try update(by: ana) { _ in
            UpdatePlan(writes: [(name(item), Array(text.utf8))], message: "Write \(item)")
        }
    }

    /// Deletes one item.
    @discardableResult
    public func delete(_ item: String) throws(StoreError) -> any Snapshot {
        try update(by: ana) { _ in UpdatePlan(deletions: [name(item)], message: "Delete \(item)") }
    }
}

extension Snapshot {
    /// The names of the items.
    public var names: [String] { items.map(\.name.description) }

    /// The text of an item, nil when there is none.
    public func text(_ item: String) throws(StoreError) -> String? {
        guard let item = self.item(named: name(item)) else { return nil }
        return String(decoding: try bytes(of: item.version), as: UTF8.self)
    }
}
