public import ContentLine

/// An address object resource: one vCard with a UID (RFC 6352 §5.1).
///
/// `FN` is asked for, as both versions do; `N`, which vCard 3.0 asks for, is not, and properties may stand in
/// any order.
public struct AddressObject: Hashable, Sendable {
    /// The card.
    public let card: Card
    /// Its UID; compare by bytes, with `hasSameBytes`.
    public let uid: String
    /// Its version, 3.0 or 4.0.
    public let version: Card.Version

    /// Reads and checks the body of a PUT (RFC 6352 §6.3.2.1).
    ///
    /// - Throws: `AddressObjectError`.
    public init(_ bytes: [UInt8], limits: LineLimits = .default) throws(AddressObjectError) {
        let card: Card
        do {
            card = try CardParser.parse(bytes, limits: limits)
        } catch {
            throw .invalidData(reason: error.reason.description, line: error.line)
        }
        if let line = ControlCharacters.firstLine(in: bytes) {
            throw .invalidData(reason: "a control character", line: line)
        }
        try self.init(card)
    }

    /// Checks a card that was read or made elsewhere.
    ///
    /// - Throws: `AddressObjectError`, without line numbers.
    public init(_ card: Card) throws(AddressObjectError) {
        guard let versionLine = card.property("VERSION") else {
            throw .invalidData(reason: "no VERSION", line: nil)
        }
        guard let version = card.version, version != .v2_1 else {
            throw .unsupportedData(reason: "vCard version \(versionLine.value)")
        }
        guard card.property("FN") != nil else { throw .invalidData(reason: "no FN", line: nil) }
        // RFC 6352 §5.1: vCards MUST have a UID.
        let uids = card.properties("UID")
        guard let uid = uids.first?.text, !uid.isEmpty else {
            throw .invalidData(reason: "no UID", line: nil)
        }
        guard uids.count == 1 else { throw .invalidData(reason: "more than one UID", line: nil) }
        self.card = card
        self.uid = uid
        self.version = version
    }
}
