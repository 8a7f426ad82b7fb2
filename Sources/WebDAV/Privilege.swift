public import XML

/// A set of privileges (RFC 3744 §3); an aggregate is there when all of its parts are.
public struct Privileges: OptionSet, Hashable, Sendable {
    /// The bits, one for each privilege that is no mere aggregate; those from the 17th on are for other standards.
    public let rawValue: Int

    /// Makes a set of bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// `DAV:read` itself, without what other standards put into it (§3.1).
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
    /// Seeing what was there before: what was shared may have a past that was not.
    public static let readHistory = Privileges(rawValue: 512)
    /// `DAV:all` (§3.11): also what is not known yet.
    public static let all = Privileges(rawValue: ~0)
}

/// A privilege that access control lists can name (RFC 3744 §5.3).
public struct SupportedPrivilege: Sendable {
    /// Its element.
    public let name: ElementName
    /// What it is besides its parts; empty for a mere aggregate.
    public let own: Privileges
    /// The aggregate that it is a part of, nil for `DAV:all` alone.
    public let part: ElementName?
    /// What it allows, in English.
    public let description: String

    /// Describes a privilege that is a part of `aggregate`.
    public init(_ name: ElementName, _ own: Privileges, of aggregate: ElementName?, _ description: String) {
        self.name = name
        self.own = own
        self.part = aggregate
        self.description = description
    }
}

/// All privileges that access control lists can name, and how they contain each other.
public struct PrivilegeTree: Sendable {
    /// The privileges, an aggregate before its parts.
    public let privileges: [SupportedPrivilege]
    private let bits: [ElementName: Privileges]

    init(_ privileges: [SupportedPrivilege]) {
        self.privileges = privileges
        var bits: [ElementName: Privileges] = [:]
        for privilege in privileges.reversed() {
            bits[privilege.name, default: []].formUnion(privilege.own)
            guard let aggregate = privilege.part else { continue }
            bits[aggregate, default: []].formUnion(bits[privilege.name] ?? [])
        }
        self.bits = bits
    }

    /// What the privilege called `name` comprises, nil when there is none of that name.
    public func privileges(named name: ElementName) -> Privileges? { bits[name] }

    /// The name of the privilege whose local name is `local`; no two have the same.
    func name(local: some StringProtocol) -> ElementName? {
        privileges.first { $0.name.local.utf8.elementsEqual(local.utf8) }?.name
    }

    /// The elements of all privileges in a set: aggregates and leaves, because some clients look for the one and some
    /// for the other.
    public func names(in set: Privileges) -> [ElementName] {
        privileges.map(\.name).filter { bits[$0].map(set.isSuperset) ?? false }
    }

    /// The value of `DAV:supported-privilege-set` (RFC 3744 §5.3).
    var elements: [XMLElement] { elements(of: nil) }

    private func elements(of aggregate: ElementName?) -> [XMLElement] {
        privileges.filter { $0.part == aggregate }.map { privilege in
            var description = XMLElement(.dav("description"), text: privilege.description)
            description.attributes = [(name: ElementName(.xml, "lang"), value: "en")]
            return XMLElement(
                .dav("supported-privilege"),
                children: [.element(.privilege(privilege.name)), .element(description)]
                    + elements(of: privilege.name).map { .element($0) })
        }
    }
}

extension XMLElement {
    /// `DAV:privilege` with a privilege in it (RFC 3744 §5.3).
    static func privilege(_ name: ElementName) -> XMLElement {
        XMLElement(.dav("privilege"), children: [.element(XMLElement(name))])
    }
}
