import ContentLine
import HTTP
import Index
import Store
import VCard
public import WebDAV
import XML

extension CollectionKind {
    /// The `type` of address books.
    static let addressbookType = "addressbook"

    /// An address book: one vCard a resource, each UID once (RFC 6352 §5).
    public static func addressbook(_ services: AddressbookServices) -> CollectionKind {
        CollectionKind(
            type: addressbookType,
            resourceTypes: [.carddav("addressbook")],
            nameEndings: [".vcf"],
            mediaType: "text/vcard",
            // RFC 6352 §5.2: no address book within another at any depth.
            nestingViolates: .named(.carddav("addressbook-collection-location-ok")),
            uidConflict: { href in
                Condition(
                    XMLElement(
                        .carddav("no-uid-conflict"), children: [.element(XMLElement(.href, text: href))]))
            },
            check: { (candidate) throws(DAVError) in try check(candidate, services) },
            uids: { (container, snapshot, context) in services.uids(in: container, at: snapshot, context) },
            export: { (resource, context) throws(DAVError) in try export(resource, context) },
            forms: .ofCards,
            home: \.addressbookHomes.first,
            split: { (bytes) throws(DAVError) in try importedCards(bytes) })
    }

    /// Media types that vCards have gone by (RFC 6350 §10.1, RFC 2425, and before); the bytes tell what they are.
    private static let mediaTypes: Set<String> = ["text/vcard", "text/x-vcard", "text/directory"]

    /// Checks what is to become an address object resource (RFC 6352 §6.3.2.1).
    private static func check(
        _ candidate: ObjectCandidate, _ services: AddressbookServices
    ) throws(DAVError) -> CheckedObject {
        if let type = candidate.mediaType, !mediaTypes.contains(type) {
            throw DAVError(
                .forbidden, violated: .named(.carddav("supported-address-data")),
                message: "An address book takes text/vcard, not \(type).")
        }
        guard candidate.bytes.count <= services.limits.resourceBytes else {
            throw DAVError(
                .forbidden, violated: .named(.carddav("max-resource-size")),
                message: "A card may have \(services.limits.resourceBytes) bytes.")
        }
        do {
            let object = try AddressObject(candidate.bytes)
            return CheckedObject(uid: object.uid, title: object.card.formattedName) { version in
                services.records.remember(CardRecord.bytes(of: object.card), of: version)
            }
        } catch {
            let violated =
                switch error {
                case .invalidData: "valid-address-data"
                case .unsupportedData: "supported-address-data"
                }
            throw DAVError(
                .forbidden, violated: .named(.carddav(violated)), message: "The vCard has \(error).")
        }
    }

    /// All cards one after the other, as they are stored (RFC 6350 §3.3 allows several in one document).
    ///
    /// What is not a card is left out, so that it does not spoil the rest.
    private static func export(_ resource: Resource, _ context: Context) throws(DAVError) -> Export {
        let snapshot = try resource.container.snapshot()
        return Export(contentType: "text/vcard; charset=utf-8") { (emit) throws(StreamError) in
            for item in snapshot.items {
                var bytes: [UInt8]
                do {
                    bytes = try snapshot.bytes(of: item.version)
                } catch {
                    throw .failed("\(resource.href)\(item.name): \(error)")
                }
                guard storedCard(bytes) != nil else { continue }
                if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
                if bytes.last != UInt8(ascii: "\n") { bytes += [0x0D, 0x0A] }
                try emit(bytes)
            }
        }
    }
}

extension ContainerView {
    /// Whether it is an address book.
    var isAddressbook: Bool { kind.type == CollectionKind.addressbookType }
}

extension Resource {
    /// Whether it is an address book.
    var isAddressbook: Bool { isCollection && container.isAddressbook }

    /// Whether it is in an address book: every item there is an address object resource (RFC 6352 §5.2).
    var isAddressObject: Bool { !isCollection && container.isAddressbook }
}
