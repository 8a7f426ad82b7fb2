import Index
import Scheduling
import Store

/// A change and the messages that tell of it, as they stand in the journal from before the change until all are delivered.
struct PendingDelivery {
    /// The principal whose object changes.
    let principal: StorePath
    /// The collection of the object.
    let collection: StorePath
    /// The object.
    let name: ItemName
    /// What says whether the change was made.
    var evidence: Evidence = .none
    /// When the change was made.
    let madeAt: Int64
    /// The messages, and how each is to be delivered.
    let messages: [ScheduledMessage]

    /// What says whether a change was made, to whoever finds the record of a process that is no more.
    enum Evidence: Hashable {
        /// Nothing has to: it was made before the record.
        case none
        /// The history of the collection has an entry.
        case entry(EntryID)
        /// The collection is gone.
        case removal
    }

    private static let format: UInt8 = 2

    /// The record.
    var bytes: [UInt8] {
        var fields = FieldWriter()
        fields.add(byte: Self.format)
        fields.add(bytes: principal.description.utf8)
        fields.add(bytes: collection.description.utf8)
        fields.add(bytes: name.description.utf8)
        switch evidence {
        case .none: fields.add(byte: 0)
        case .removal: fields.add(byte: 1)
        case .entry(let entry):
            fields.add(byte: 2)
            fields.add(bytes: entry.description.utf8)
        }
        fields.add(number: Int(madeAt))
        fields.add(number: messages.count)
        for message in messages {
            fields.add(bytes: message.originator.description.utf8)
            fields.add(bytes: message.recipient.description.utf8)
            fields.add(bytes: message.message.bytes)
        }
        return fields.bytes
    }

    init(
        principal: StorePath, collection: StorePath, name: ItemName, madeAt: Int64,
        messages: [ScheduledMessage]
    ) {
        self.principal = principal
        self.collection = collection
        self.name = name
        self.madeAt = madeAt
        self.messages = messages
    }

    /// Reads a record; nil for one that is none.
    init?(_ bytes: [UInt8]) {
        var fields = FieldReader(bytes.span)
        guard fields.byte(bytes.span) == Self.format else { return nil }
        guard let principal = StorePath(below: nil, Self.text(&fields, bytes)),
            let collection = StorePath(below: nil, Self.text(&fields, bytes)),
            let name = ItemName(Self.text(&fields, bytes))
        else { return nil }
        let evidence: Evidence
        switch fields.byte(bytes.span) {
        case 0: evidence = .none
        case 1: evidence = .removal
        case 2: evidence = .entry(EntryID(Self.text(&fields, bytes)))
        default: return nil
        }
        let madeAt = Int64(fields.number(bytes.span))
        var messages: [ScheduledMessage] = []
        for _ in 0..<max(0, fields.number(bytes.span)) {
            let originator = CalendarUserAddress(Self.text(&fields, bytes))
            let recipient = CalendarUserAddress(Self.text(&fields, bytes))
            guard !fields.isDamaged else { return nil }
            do {
                let message = try ITIPMessage(Array(bytes[fields.field(bytes.span)]))
                messages.append(
                    ScheduledMessage(originator: originator, recipient: recipient, message: message))
            } catch {
                return nil
            }
        }
        guard !fields.isDamaged else { return nil }
        self.init(
            principal: principal, collection: collection, name: name, madeAt: madeAt, messages: messages)
        self.evidence = evidence
    }

    private static func text(_ fields: inout FieldReader, _ bytes: [UInt8]) -> String {
        String(decoding: bytes[fields.field(bytes.span)], as: UTF8.self)
    }
}
