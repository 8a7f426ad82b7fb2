public import HTTP
public import Store

/// A resource: a container, or an item in one.
public struct Resource {
    /// The container: the resource itself, or what the item is in.
    public let container: ContainerView
    /// The item, nil when the resource is the container.
    public let item: Item?

    /// Makes the resource of a container or of an item in it.
    public init(container: ContainerView, item: Item?) {
        self.container = container
        self.item = item
    }

    /// Whether it is a container.
    public var isCollection: Bool { item == nil }

    /// Where it is in the store.
    public var location: StorePath {
        item.map { container.location.appending($0.name) } ?? container.location
    }

    /// Its `href`: path-absolute, percent-encoded.
    public var href: String {
        item.map { container.href + percentEncoded($0.name.description) } ?? container.href
    }

    /// Its entity tag: that of an item's bytes, or of the collection's state; nil for a plain directory.
    public var etag: ETag? {
        get throws(DAVError) {
            if let item { return ETag(item.version) }
            guard container.storage == .collection else { return nil }
            return ETag(try container.snapshot().version.description)
        }
    }

    /// The bytes of an item.
    public func bytes() throws(DAVError) -> [UInt8] {
        guard let item else { throw DAVError(.notFound) }
        let snapshot = try container.snapshot()
        return try storing { () throws(StoreError) in try snapshot.bytes(of: item.version) }
    }

    /// The number of bytes of an item.
    public func byteCount() throws(DAVError) -> Int {
        guard let item else { throw DAVError(.notFound) }
        let snapshot = try container.snapshot()
        return try storing { () throws(StoreError) in try snapshot.byteCount(of: item.version) }
    }

    /// The media type of an item: that of its collection's objects, else by the ending of its name.
    public var mediaType: String {
        guard let item else { return "httpd/unix-directory" }
        return container.mediaTypes.type(of: item.name)
    }
}
