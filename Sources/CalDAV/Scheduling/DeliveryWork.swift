import HTTP
import Scheduling
import Store
public import WebDAV

/// The messages of one change on their way: written down before the change, delivered after it.
///
/// The record in the journal names the entry of the history that the change is, and is written when the entry is stored
/// but not yet in force. Whoever dies leaves the record, which another process works off: it delivers when the history has
/// the entry, and forgets it when it does not. So a change has its messages, and a message its change, however often a
/// client tries and whatever others do to the object meanwhile.
///
/// Delivering twice changes nothing: each message has a name, by which inboxes and the way out know it, and a place in the
/// order of all messages about its object.
final class DeliveryWork {
    private var pending: PendingDelivery
    private let services: CalendarServices
    private let context: Context
    private var entry: JournalEntry?

    init(_ pending: PendingDelivery, _ services: CalendarServices, _ context: Context) {
        self.pending = pending
        self.services = services
        self.context = context
    }

    /// Writes down what is to be delivered, and what will say that the change was made.
    func note(_ evidence: PendingDelivery.Evidence) throws(StoreError) {
        guard let journal = services.scheduling?.journal else { return }
        drop()
        pending.evidence = evidence
        entry = try journal.add(pending.bytes)
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
    /// What cannot be delivered now stays in the journal; what is not wanted is forgotten.
    func run(_ isWanted: (ScheduledMessage) -> Bool = { _ in true }) {
        // What the request saw of the store is not what others find there now.
        context.forgetContainers()
        defer { context.forgetContainers() }
        // What is sent although nothing changes makes no entry.
        if entry == nil {
            do { try note(.none) } catch { context.log("journal: \(error)") }
        }
        let delivery = Delivery(services: services, context: context)
        var isDone = true
        for (index, message) in pending.messages.enumerated() where isWanted(message) {
            isDone = deliver(message, index, delivery) && isDone
        }
        if isDone { drop() }
        services.resumeDeliveries(context)
    }

    private func deliver(_ message: ScheduledMessage, _ index: Int, _ delivery: Delivery) -> Bool {
        guard let scheduling = services.scheduling else { return true }
        do throws(DAVError) {
            let id = entry.map { MessageID($0, index) } ?? MessageID(content: message)
            if try scheduling.directory.user(message.recipient, scheduling, context) != nil {
                return !delivery.deliver(message, id).isTemporary
            }
            try scheduling.handOver(message, id, principal: pending.principal, services, context)
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
        do throws(StoreError) {
            switch try pending.wasMade(context) {
            case .some(true): work.run()
            case .some(false): work.drop()
            case nil: work.run { !$0.message.method.invites }
            }
        } catch {
            // The record stays, for when it can be told.
            context.log("\(pending.collection): \(error)")
        }
    }
}

extension PendingDelivery {
    /// Whether the change was made; nil when the collection is gone, with its history.
    ///
    /// Who was about to make it is no more, so the answer does not change.
    fileprivate func wasMade(_ context: Context) throws(StoreError) -> Bool? {
        switch evidence {
        case .none: return true
        case .removal: return try context.store.kind(at: collection) != .collection
        case .entry(let entry):
            // A collection that was moved has taken its history along, and another one may have its place.
            for path in [collection, principal] where try context.store.has(entry, within: path) {
                return true
            }
            guard try context.store.kind(at: collection) != .collection else { return false }
            return try context.store.has(entry, within: StorePath([])) ? true : nil
        }
    }
}

extension CollectionStore {
    /// Whether the history of a collection, or of one below it, has an entry.
    fileprivate func has(_ entry: EntryID, within path: StorePath) throws(StoreError) -> Bool {
        guard let kind = try kind(at: path) else { return false }
        if kind == .collection, try collection(at: path).hasEntry(entry) { return true }
        for name in try children(of: path) where try has(entry, within: path.appending(name)) { return true }
        return false
    }
}

extension ITIPMethod {
    /// Whether it tells of something that takes place: not when nobody knows whether that is still there.
    fileprivate var invites: Bool { self == .request || self == .add || self == .publish }
}

extension CalendarServices {
    private static var secondsBetween: Int64 { 60 }

    /// Works off what processes that are no more have left in the journal; looks for it at the first call and then now and
    /// then, and when it is urgent.
    public func resumeDeliveries(_ context: Context, isUrgent: Bool = false) {
        guard let journal = scheduling?.journal else { return }
        if !isUrgent, let lastResumed, context.now - lastResumed < Self.secondsBetween { return }
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
