import Store
import WebDAV

/// Makes what a principal starts with: its directory, its homes, a calendar and an address book in them, and where
/// scheduling messages come and go.
///
/// Several workers may do it at once: what is there is left as it is.
struct Provisioning {
    let store: any CollectionStore
    let author: Author
    /// Whether principals have scheduling collections.
    let schedules: Bool

    /// A home, with the default collection in it.
    private struct Home {
        let setting: MetadataKey
        let name: String
        let collection: String
        let metadata: Metadata
    }

    private static let homes = [
        Home(
            setting: MetadataKey("calendar-home-set"), name: "calendars", collection: "calendar",
            metadata: [.type: "calendar", .displayName: "Calendar"]),
        Home(
            setting: MetadataKey("addressbook-home-set"), name: "contacts", collection: "addressbook",
            metadata: [.type: "addressbook", .displayName: "Contacts"]),
    ]

    /// Makes the principal at `path` and its homes; those that are new get their default collection with `defaults`.
    func provide(_ path: StorePath, defaults: Bool) throws(StoreError) {
        do throws(StoreError) {
            if try store.kind(at: path) == nil { try store.makeDirectory(at: path) }
        } catch {
            // Another worker was faster.
            guard error == .exists else { throw error }
        }
        let settings = try store.metadata(of: path)
        for home in Self.homes {
            let homePath = Self.path(of: home, settings: settings, below: path)
            let isNew = try make(homePath, [:])
            let collection = ItemName(home.collection).map(homePath.appending)
            // An empty home gets the collection too: the one who made the home may have been cut off.
            guard defaults, let collection else { continue }
            let isEmpty = try isNew ? true : store.children(of: homePath).isEmpty
            if isEmpty { _ = try make(collection, home.metadata) }
        }
        if schedules { try provideScheduling(path) }
    }

    /// Makes the scheduling collections of the principal at `path` that are missing (RFC 6638 §2: clients cannot).
    func provideScheduling(_ path: StorePath) throws(StoreError) {
        for name in ["inbox", "outbox"] {
            guard let name = ItemName(name) else { continue }
            _ = try make(path.appending(name), [.type: "schedule-\(name)"])
        }
    }

    /// The first home that the settings name, relative to the principal; else the usual one.
    private static func path(of home: Home, settings: Metadata, below principal: StorePath) -> StorePath {
        let first = settings[home.setting]?.split(separator: ",").first.map(String.init) ?? home.name
        let names = first.split(separator: "/").compactMap { ItemName(String($0)) }
        return StorePath(principal.names + names)
    }

    private func make(_ path: StorePath, _ metadata: Metadata) throws(StoreError) -> Bool {
        guard try store.kind(at: path) == nil else { return false }
        do throws(StoreError) {
            try store.makeCollection(at: path, metadata: metadata, by: author)
            return true
        } catch {
            guard error == .exists else { throw error }
            return false
        }
    }
}
