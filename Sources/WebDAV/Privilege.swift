public import XML

/// A set of privileges (RFC 3744 §3); the aggregates are the unions of their parts.
public struct Privileges: OptionSet, Hashable, Sendable {
    /// The bits.
    public let rawValue: Int

    /// Makes a set of bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// `DAV:read` (§3.1).
    public static let read = Privileges(rawValue: 1)
    /// `DAV:write-properties` (§3.3).
    public static let writeProperties = Privileges(rawValue: 2)
    /// `DAV:write-content` (§3.4).
    public static let writeContent = Privileges(rawValue: 4)
    /// `DAV:unlock` (§3.5).
    public static let unlock = Privileges(rawValue: 8)
    /// `DAV:read-acl` (§3.6).
    public static let readACL = Privileges(rawValue: 16)
    /// `DAV:read-current-user-privilege-set` (§3.7).
    public static let readCurrentUserPrivilegeSet = Privileges(rawValue: 32)
    /// `DAV:write-acl` (§3.8).
    public static let writeACL = Privileges(rawValue: 64)
    /// `DAV:bind` (§3.9).
    public static let bind = Privileges(rawValue: 128)
    /// `DAV:unbind` (§3.10).
    public static let unbind = Privileges(rawValue: 256)
    /// `DAV:write` (§3.2).
    public static let write: Privileges = [.writeProperties, .writeContent, .bind, .unbind]
    /// `DAV:all` (§3.11).
    public static let all: Privileges = [
        .read, .write, .unlock, .readACL, .readCurrentUserPrivilegeSet, .writeACL,
    ]

    /// All privileges with their elements, aggregates first.
    static let names: [(privileges: Privileges, name: ElementName)] = [
        (.all, .dav("all")), (.read, .dav("read")), (.write, .dav("write")),
        (.writeProperties, .dav("write-properties")), (.writeContent, .dav("write-content")),
        (.unlock, .dav("unlock")), (.readACL, .dav("read-acl")),
        (.readCurrentUserPrivilegeSet, .dav("read-current-user-privilege-set")),
        (.writeACL, .dav("write-acl")), (.bind, .dav("bind")), (.unbind, .dav("unbind")),
    ]

    /// The elements of all privileges in the set: aggregates and leaves, because some clients look for the one and some
    /// for the other.
    public var elementNames: [ElementName] {
        Self.names.filter { contains($0.privileges) }.map(\.name)
    }
}
