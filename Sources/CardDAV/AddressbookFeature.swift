public import WebDAV

extension Feature {
    /// Address books (RFC 6352).
    ///
    /// The methods that make and fill them are those of WebDAV: a collection is made by extended `MKCOL` (RFC 5689), and
    /// what it takes is told by its kind.
    public static func addressbook(_ services: AddressbookServices) -> Feature {
        Feature(
            // RFC 6352 §6.1.
            tokens: ["addressbook"],
            prefixes: [(namespace: .carddav, prefix: "CARD")],
            properties: [
                .addressbookHomeSet, .addressbookDescription, .addressbookColor, .supportedAddressData,
                .supportedCollationSet, .maxResourceSize(services), .addressData,
            ],
            reports: [.addressbookQuery(services), .addressbookMultiget],
            kinds: [.addressbook(services)])
    }
}
