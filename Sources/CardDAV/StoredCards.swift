import ContentLine
import Index
import Store
import VCard
import WebDAV

/// The card in stored bytes, nil when they are none: what is stored need not have come through a PUT.
func storedCard(_ bytes: [UInt8]) -> Card? {
    do {
        return try CardParser.parse(bytes)
    } catch {
        return nil
    }
}

extension AddressbookServices {
    /// The records of an address book.
    func view(of container: ContainerView, at snapshot: any Snapshot, _ context: Context) -> RecordView {
        records.view(of: container.path, at: snapshot) { version in
            context.changes(in: container, from: version, to: snapshot)
        } make: { item in
            do throws(StoreError) {
                return CardRecord.bytes(of: storedCard(try snapshot.bytes(of: item.version)))
            } catch {
                context.log("\(container.path)/\(item.name): \(error)")
                return nil
            }
        }
    }

    /// The UIDs in an address book.
    func uids(in container: ContainerView, at snapshot: any Snapshot, _ context: Context) -> CollectionUIDs {
        let view = view(of: container, at: snapshot, context)
        return CollectionUIDs {
            view.names(withUID: $0.utf8)
        } uid: { name in
            view.text(named: name) { CardRecord($0).uid }
        }
    }

    /// The card that a filter is tried on, nil for bytes that are none.
    func card(of resource: Resource, for filter: AddressbookFilter) throws(DAVError) -> Card? {
        guard let version = resource.item?.version, !filter.concernsBulk else {
            return storedCard(try resource.bytes())
        }
        if let known = searchableCards[version] { return known }
        let bytes = try resource.bytes()
        guard let card = storedCard(bytes) else { return nil }
        let (searchable, cost) = card.withoutBulk(byteCount: bytes.count)
        searchableCards.insert(searchable, for: version, cost: cost)
        return searchable
    }
}

/// Properties whose values may be large, and nobody searches.
private let bulkyNames = ["PHOTO", "LOGO", "SOUND", "KEY"]

extension AddressbookFilter {
    /// Whether it asks for the values that `Card.withoutBulk` leaves out.
    fileprivate var concernsBulk: Bool {
        propFilters.contains { filter in bulkyNames.contains { filter.name.name.isName($0) } }
    }
}

extension Card {
    /// The card without large values, for keeping, and about how many bytes it stands for; it was read from `byteCount`.
    fileprivate func withoutBulk(byteCount: Int) -> (card: Card, cost: Int) {
        let bulk = properties.filter { property in
            property.value.utf8.count > 1000 && bulkyNames.contains(where: property.isNamed)
        }
        guard !bulk.isEmpty else { return (self, byteCount) }
        // Made anew, so that the lines do not keep the bytes they were read from.
        let slim = properties.map { property in
            ContentLine(
                group: property.group, name: property.name, parameters: property.parameters,
                value: bulk.contains(property) ? "" : property.value)
        }
        let cost = slim.reduce(0) { $0 + $1.value.utf8.count + 40 }
        return (Card(properties: slim), cost)
    }
}
