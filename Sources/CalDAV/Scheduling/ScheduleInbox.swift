import HTTP
import ICalendar
import Scheduling
import Store
import WebDAV

/// Where messages of others are shown to a user (RFC 6638 §2.2).
struct ScheduleInbox {
    let user: CalendarUser
    let services: CalendarServices
    let context: Context

    /// Adds a message, and takes out those that are too old.
    ///
    /// Its name ends in what follows from what it is called, so that it is there once however often it is delivered; it
    /// begins with the time of its arrival.
    func add(_ message: ITIPMessage, _ id: MessageID) throws(DAVError) {
        let bytes = message.bytes
        let ending = "-\(Digests.name(of: [Array(id.text.utf8)])).ics"
        let now = Instant(secondsSinceEpoch: context.now)
        guard let name = ItemName("\(now)\(ending)") else { return }
        let collection = try inbox().collection()
        _ = try storing { () throws(StoreError) in
            try collection.update(by: context.author) { snapshot in
                guard !snapshot.items.contains(where: { $0.name.description.hasSuffix(ending) }) else {
                    return nil
                }
                return UpdatePlan(
                    writes: [(name: name, bytes: bytes)], deletions: expired(in: snapshot),
                    message: "\(message.method.historyVerb) \(message.object.title ?? name.description)")
            }
        }
    }

    /// The inbox, which is made for a user who does not have one yet.
    private func inbox() throws(DAVError) -> ContainerView {
        if let inbox = try user.inbox() { return inbox }
        guard let name = ItemName("inbox") else { throw DAVError(.internalServerError) }
        let path = user.principal.path.appending(name)
        try storing { () throws(StoreError) in
            do throws(StoreError) {
                try context.store.makeCollection(
                    at: path, metadata: [.type: CollectionKind.inboxType], by: context.author)
            } catch {
                // Somebody else was faster.
                guard error == .exists else { throw error }
            }
        }
        context.forgetContainers()
        guard let inbox = try context.container(at: path) else { throw DAVError(.internalServerError) }
        return inbox
    }

    private func expired(in snapshot: any Snapshot) -> [ItemName] {
        guard let seconds = services.scheduling?.inboxSeconds, seconds > 0 else { return [] }
        let limit = Instant(secondsSinceEpoch: context.now - seconds)
        return snapshot.items.filter { item in
            guard let made = Instant(Array(item.name.description.utf8.prefix(16))) else { return false }
            return made < limit
        }.map(\.name)
    }
}
