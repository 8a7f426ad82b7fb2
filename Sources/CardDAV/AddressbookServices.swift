import ContentLine
import Store
import VCard
import WebDAV

/// What address books keep between requests, and their bounds.
public final class AddressbookServices {
    /// The greatest size of a card in bytes (RFC 6352 §6.2.3); photos stand in cards.
    public let maxResourceBytes: Int
    private var uids: [ItemVersion: String?] = [:]

    /// Versions whose UID is remembered; all are forgotten when there are more.
    private static let maxRemembered = 200_000

    /// Makes the services.
    public init(maxResourceBytes: Int = 16 << 20) {
        self.maxResourceBytes = maxResourceBytes
    }

    /// The UID of a stored card; nil when it has none or cannot be read.
    func uid(
        of version: ItemVersion, bytes: () throws(DAVError) -> [UInt8]
    ) throws(DAVError) -> String? {
        if let known = uids[version] { return known }
        let uid = storedCard(try bytes())?.uid
        if uids.count >= Self.maxRemembered { uids = [:] }
        uids[version] = .some(uid)
        return uid
    }
}

/// The card in stored bytes, nil when they are none: what is stored need not have come through a PUT.
func storedCard(_ bytes: [UInt8]) -> Card? {
    do {
        return try CardParser.parse(bytes)
    } catch {
        return nil
    }
}
