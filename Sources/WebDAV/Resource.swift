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
        return WebDAV.mediaType(of: item.name, in: container.kind)
    }
}

/// The media type of an item called `name` in a collection of kind `kind`.
func mediaType(of name: ItemName, in kind: CollectionKind) -> String {
    let lower = name.description.lowercased()
    if let type = kind.mediaType, kind.nameEndings.contains(where: { lower.hasSuffix($0) }) { return type }
    // Clients choose names freely (RFC 6352 §6.3.2): one without a known ending tells nothing.
    let unknown = kind.mediaType ?? "application/octet-stream"
    guard let dot = lower.utf8.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
    return mediaTypes[String(lower[lower.index(after: dot)...])] ?? unknown
}

/// Media types by name ending, for what people keep beside their calendars and contacts.
private let mediaTypes = [
    "ics": "text/calendar", "vcf": "text/vcard", "txt": "text/plain", "html": "text/html", "htm": "text/html",
    "xml": "application/xml", "json": "application/json", "pdf": "application/pdf", "png": "image/png",
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "svg": "image/svg+xml", "css": "text/css",
    "csv": "text/csv", "md": "text/markdown", "zip": "application/zip",
]
