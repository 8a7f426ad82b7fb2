/// An item of a collection as a snapshot lists it, without its bytes.
public struct Item: Hashable, Sendable {
    /// The item's name in its collection.
    public let name: ItemName
    /// The version of its bytes.
    public let version: ItemVersion

    /// Makes an item of its parts.
    public init(name: ItemName, version: ItemVersion) {
        self.name = name
        self.version = version
    }
}

/// When an item was made and last changed, in seconds since 1970-01-01T00:00:00Z; nil for what is not known.
public struct ItemTimes: Hashable, Sendable {
    /// When it was made.
    public var created: Int64?
    /// When its bytes were last changed.
    public var modified: Int64?

    /// Makes it of its parts.
    public init(created: Int64? = nil, modified: Int64? = nil) {
        self.created = created
        self.modified = modified
    }
}

/// What happened to one item between two versions of a collection.
public enum Change: Hashable, Sendable {
    /// The item is new or its bytes changed; here is what it is now.
    case written(Item)
    /// The item is gone.
    case deleted(ItemName)

    /// The name of the item that changed.
    public var name: ItemName {
        switch self {
        case .written(let item): item.name
        case .deleted(let name): name
        }
    }
}
