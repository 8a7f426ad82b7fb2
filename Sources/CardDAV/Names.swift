public import XML

extension Namespace {
    /// The namespace of CardDAV (RFC 6352 §14.1).
    public static let carddav = Namespace("urn:ietf:params:xml:ns:carddav")
    /// The namespace of the colour of address books, which InfCloud and its kin set.
    public static let infIT = Namespace("http://inf-it.com/ns/ab/")
}

extension ElementName {
    /// A name in `urn:ietf:params:xml:ns:carddav`.
    public static func carddav(_ local: String) -> ElementName {
        ElementName(.carddav, local)
    }

    /// `CARDDAV:address-data` (RFC 6352 §10.4).
    static let addressData = ElementName.carddav("address-data")
}
