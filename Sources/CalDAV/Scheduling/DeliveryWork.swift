import HTTP
import Scheduling
import Store
public import WebDAV

/// The messages of one change on their way: written down before the change, delivered after it.
///
/// Whoever dies in between leaves a record in the journal, which another process works off: it delivers when the change was
/// made, and forgets it when it was not. Delivering twice changes nothing, as messages are ordered by `SEQUENCE` and
/// `DTSTAMP`, inboxes name them by what they say, and the way out knows them by their names.
final class DeliveryWork {
    private let pending: PendingDelivery
    private let services: CalendarServices
    private let context: Context
    private var entry: JournalEntry?

    /// Writes down what is to be delivered.
    init(_ pending: PendingDelivery, _ services: CalendarServices, _ context: Context) throws(DAVError) {
        self.pending = pending
        self.services = services
        self.context = context
        if let journal = services.scheduling?.journal {
            entry = try storing { () throws(StoreError) in try journal.add(pending.bytes) }
        }
    }

    private init(
        _ pending: PendingDelivery, _ entry: JournalEntry, _ services: CalendarServices, _ context: Context
    ) {
        self.pending = pending
        self.entry = entry
        self.services = services
        self.context = context
    }

    /// Delivers all messages.
    ///
    /// What cannot be delivered now stays in the journal.
    func run() {
        // What the request saw of the store is not what others find there now.
        context.forgetContainers()
        defer { context.forgetContainers() }
        let delivery = Delivery(services: services, context: context)
        var isDone = true
        for (index, message) in pending.messages.enumerated() {
            isDone = deliver(message, index, delivery) && isDone
        }
        if isDone { drop() }
        services.resumeDeliveries(context)
    }

    private func deliver(_ message: ScheduledMessage, _ index: Int, _ delivery: Delivery) -> Bool {
        guard let scheduling = services.scheduling else { return true }
        do throws(DAVError) {
            if try scheduling.directory.user(message.recipient, scheduling, context) != nil {
                return !delivery.deliver(message).isTemporary
            }
            let id = entry?.name ?? Digests.name(of: [message.message.bytes])
            try scheduling.handOver(
                message, id: "\(id)-\(index)", principal: pending.principal, context)
            return true
        } catch {
            context.log("message to \(message.recipient): \(error.details ?? error.status.description)")
            return false
        }
    }

    /// Forgets what was written down.
    func drop() {
        guard let entry, let journal = services.scheduling?.journal else { return }
        do {
            try journal.finish(entry)
        } catch {
            context.log("journal entry \(entry.name): \(error)")
        }
        self.entry = nil
    }

    /// Works off what a process that is no more has left.
    static func resume(
        _ entry: JournalEntry, _ record: [UInt8], _ services: CalendarServices, _ context: Context
    ) {
        guard let pending = PendingDelivery(record) else {
            context.log("journal entry \(entry.name) cannot be read")
            return
        }
        let work = DeliveryWork(pending, entry, services, context)
        if pending.wasMade(context) { work.run() } else { work.drop() }
    }
}

extension PendingDelivery {
    /// Whether the change was made: the object is another one than before, or gone.
    fileprivate func wasMade(_ context: Context) -> Bool {
        do throws(StoreError) {
            guard try context.store.kind(at: collection) == .collection else { return true }
            let snapshot = try context.store.collection(at: collection).snapshot()
            return snapshot.item(named: name)?.version != before
        } catch {
            context.log("\(collection): \(error)")
            return false
        }
    }
}

extension CalendarServices {
    private static var secondsBetween: Int64 { 60 }

    /// Works off what processes that are no more have left in the journal; looks for it at the first call and then now and
    /// then.
    public func resumeDeliveries(_ context: Context) {
        guard let journal = scheduling?.journal else { return }
        if let lastResumed, context.now - lastResumed < Self.secondsBetween { return }
        lastResumed = context.now
        do {
            for (entry, record) in try journal.takeOver() {
                DeliveryWork.resume(entry, record, self, context)
            }
        } catch {
            context.log("journal: \(error)")
        }
    }
}
