import HTTP
public import Store
public import XML

/// An access control element: who is granted or denied what (RFC 3744 §5.5).
public struct ACE: Hashable, Sendable {
    /// Whom an element is about (§5.5.1).
    public enum Principal: Hashable, Sendable {
        /// The principal at this path, or who is a member of it.
        case path(StorePath)
        /// Everybody the web server lets in.
        case authenticated
        /// Who owns the resource.
        case owner
        /// The principal that the resource is.
        case itself
    }

    /// Whom it is about.
    public let principal: Principal
    /// Whether it grants; else it denies.
    public let isGrant: Bool
    /// The privileges as they were named.
    public let names: [ElementName]

    /// Makes an element that grants privileges, or denies them.
    public init(_ principal: Principal, grants isGrant: Bool = true, _ names: [ElementName]) {
        self.principal = principal
        self.isGrant = isGrant
        self.names = names
    }
}

extension PrivilegeTree {
    /// What an element grants or denies in all.
    func privileges(of ace: ACE) -> Privileges {
        ace.names.reduce(into: []) { $0.formUnion(privileges(named: $1) ?? []) }
    }
}

extension MetadataKey {
    /// The access control list of a container, for it and all in it.
    ///
    /// One line that people can read and write: `grant /bob/ read,write; deny /carol/ all; grant authenticated
    /// read-free-busy`. Principals are paths below the root of the store, percent-encoded.
    public static let acl = MetadataKey("acl")
}

/// The access control list of one container, as it is kept with its settings.
struct AccessControlList {
    /// The elements in order.
    var aces: [ACE]

    init(_ aces: [ACE]) {
        self.aces = aces
    }

    /// Reads a list, nil when a part of it cannot be read: then nobody must be let in by the rest.
    init?(_ text: String, _ tree: PrivilegeTree) {
        aces = []
        for entry in text.utf8.split(separator: UInt8(ascii: ";")) {
            let words = entry.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            if words.isEmpty { continue }
            guard words.count >= 3, let principal = Self.principal(words[1]) else { return nil }
            let isGrant = words[0].elementsEqual("grant".utf8)
            guard isGrant || words[0].elementsEqual("deny".utf8) else { return nil }
            var names: [ElementName] = []
            for list in words[2...] {
                for word in list.split(separator: UInt8(ascii: ",")) {
                    guard let name = tree.name(local: String(decoding: word, as: UTF8.self)) else {
                        return nil
                    }
                    names.append(name)
                }
            }
            aces.append(ACE(principal, grants: isGrant, names))
        }
    }

    private static func principal(_ word: Substring.UTF8View.SubSequence) -> ACE.Principal? {
        let text = String(decoding: word, as: UTF8.self)
        switch text {
        case "authenticated": return .authenticated
        case "owner": return .owner
        case "self": return .itself
        default: return StorePath(setting: text).map { .path($0) }
        }
    }

    /// The list as it is kept; nil when there is nothing in it.
    var text: String? {
        guard !aces.isEmpty else { return nil }
        return aces.map { ace in
            let principal =
                switch ace.principal {
                case .path(let path): path.setting
                case .authenticated: "authenticated"
                case .owner: "owner"
                case .itself: "self"
                }
            let names = ace.names.map(\.local).joined(separator: ",")
            return "\(ace.isGrant ? "grant" : "deny") \(principal) \(names)"
        }.joined(separator: "; ")
    }
}

extension StorePath {
    /// Reads a path as settings have it: from the root, percent-encoded.
    init?(setting text: String) {
        guard text.utf8.first == UInt8(ascii: "/"), let path = try? Path(parsing: text) else { return nil }
        var names: [ItemName] = []
        for segment in path.segments {
            guard let name = ItemName(segment), !name.isHidden else { return nil }
            names.append(name)
        }
        self.init(names)
    }

    /// The path as settings have it.
    var setting: String {
        Path(segments: names.map(\.description), endsInSlash: true).description
    }
}
