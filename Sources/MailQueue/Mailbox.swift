/// A mail address with the name of who has it.
public struct Mailbox: Hashable, Sendable {
    /// The address, `local@domain`, without `mailto:`.
    public var address: String
    /// The name, nil when it is not known.
    public var name: String?

    /// Makes a mailbox.
    public init(address: String, name: String? = nil) {
        self.address = address
        self.name = name
    }

    /// What stands behind the last `@`, nil without one.
    public var domain: String? {
        address.utf8.lastIndex(of: UInt8(ascii: "@")).map { String(address[address.index(after: $0)...]) }
    }
}
