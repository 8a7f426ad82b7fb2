public import HTTP
public import Store

extension ETag {
    /// The entity tag of an item: its version, so it changes exactly when the bytes do (RFC 4791 §5.3.4).
    public init(_ version: ItemVersion) {
        self.init(version.description)
    }
}

/// The state of a collection as a client keeps it (RFC 6578 §4).
///
/// The text is the collection's version as it is, which is what Xandikos hands out: a client that moves over keeps its
/// state. (RFC 6578 §6.4 asks for a URI there; no client looks.)
public enum SyncToken: Hashable, Sendable {
    /// The client has all of this version.
    case complete(CollectionVersion)
    /// The client has what changed between the versions up to and with the item `upTo`, in the order of names; the rest
    /// is to come.
    case partial(from: CollectionVersion, to: CollectionVersion, upTo: ItemName)

    /// Reads a token, nil when it was never one.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where !text.isEmpty: self = .complete(CollectionVersion(text))
        case 3:
            guard let path = try? Path(parsing: "/" + (String(parts[2]) ?? "")), path.segments.count == 1,
                let from = String(parts[0]), let to = String(parts[1]), let name = ItemName(path.segments[0])
            else { return nil }
            self = .partial(from: CollectionVersion(from), to: CollectionVersion(to), upTo: name)
        default: return nil
        }
    }

    /// The token's text.
    public var text: String {
        switch self {
        case .complete(let version): version.description
        case .partial(let from, let to, let name):
            "\(from):\(to):\(Self.escaped(name))"
        }
    }

    private static func escaped(_ name: ItemName) -> String {
        percentEncoded(name.description).split(separator: ":", omittingEmptySubsequences: false)
            .joined(separator: "%3A")
    }
}
