import ContentLine
import Store
import VCard
import WebDAV
import XML

extension LiveProperty {
    /// Where a principal's address books are (RFC 6352 §7.1.1).
    static var addressbookHomeSet: LiveProperty {
        .hrefs(.carddav("addressbook-home-set")) { (resource, context) in
            guard resource.isCollection, resource.container.isPrincipal else { return nil }
            return resource.container.addressbookHomes.map(context.href(of:))
        }
    }

    /// What people are told of an address book (RFC 6352 §6.2.1).
    static var addressbookDescription: LiveProperty {
        .setting(
            .carddav("addressbook-description"), key: MetadataKey("description"),
            applies: { $0.kind.type == CollectionKind.addressbookType })
    }

    /// The colour that clients show an address book in; not of any RFC.
    static var addressbookColor: LiveProperty {
        .setting(
            ElementName(.infIT, "addressbook-color"), key: MetadataKey("color"),
            applies: { $0.kind.type == CollectionKind.addressbookType })
    }

    /// What cards an address book takes (RFC 6352 §6.2.2).
    static var supportedAddressData: LiveProperty {
        .elements(.carddav("supported-address-data")) { (resource, _) in
            guard resource.isAddressbook else { return nil }
            return CardFormat.allCases.map { format in
                XMLElement(
                    .carddav("address-data-type"),
                    attributes: [
                        (name: ElementName(.none, "content-type"), value: format.mediaType),
                        (name: ElementName(.none, "version"), value: format.version.rawValue),
                    ])
            }
        }
    }

    /// How texts can be compared in a query (RFC 6352 §8.3.1), on all that can be queried.
    static var supportedCollationSet: LiveProperty {
        .elements(.carddav("supported-collation-set")) { (resource, _) in
            guard resource.container.isAddressbook else { return nil }
            return Collation.allCases.map {
                XMLElement(.carddav("supported-collation"), text: $0.rawValue)
            }
        }
    }

    /// The greatest card that is taken, in bytes (RFC 6352 §6.2.3).
    static func maxResourceSize(_ services: AddressbookServices) -> LiveProperty {
        .text(.carddav("max-resource-size")) { (resource, context) in
            guard resource.isAddressbook else { return nil }
            return String(min(services.limits.resourceBytes, context.limits.bodyBytes))
        }
    }
}

extension ContainerView {
    /// The containers that a principal's address books are in: as set, else `contacts`.
    var addressbookHomes: [StorePath] {
        let setting = metadata[MetadataKey("addressbook-home-set")] ?? ""
        let homes = setting.utf8.split(separator: UInt8(ascii: ",")).compactMap { entry in
            relativePath(String(decoding: entry, as: UTF8.self).trimmingBlanks)
        }
        if !homes.isEmpty { return homes }
        return relativePath("contacts").map { [$0] } ?? []
    }

    /// A path given from the principal down; nil for one that cannot be.
    private func relativePath(_ text: String) -> StorePath? {
        var path = self.path
        for segment in text.utf8.split(separator: UInt8(ascii: "/")) {
            guard let name = ItemName(String(decoding: segment, as: UTF8.self)) else { return nil }
            path = path.appending(name)
        }
        return path == self.path ? nil : path
    }
}
