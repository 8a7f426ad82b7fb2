/// Where a container is, from the store's root down.
public struct StorePath: Hashable, Sendable, CustomStringConvertible {
    /// The names from the root down; empty for the root itself.
    public let names: [ItemName]

    /// The root of the store.
    public static let root = StorePath([])

    /// Makes a path of `names`, from the root down.
    public init(_ names: [ItemName]) {
        self.names = names
    }

    /// The path of the container around this one, nil for the root.
    public var parent: StorePath? {
        names.isEmpty ? nil : StorePath(Array(names[..<(names.count - 1)]))
    }

    /// The last name, nil for the root.
    public var name: ItemName? { names.last }

    /// The path of `name` in this container.
    public func appending(_ name: ItemName) -> StorePath {
        StorePath(names + [name])
    }

    /// True when this path is `other` or lies below it.
    public func isWithin(_ other: StorePath) -> Bool {
        names.starts(with: other.names)
    }

    /// The names with a slash before each, for messages.
    public var description: String {
        "/" + names.map(\.description).joined(separator: "/")
    }
}
