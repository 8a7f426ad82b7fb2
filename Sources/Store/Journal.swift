/// Records of what is to be done because of a change, kept from before the change until it is done.
///
/// A record whose process died is found by the others.
public protocol Journal: AnyObject {
    /// Keeps a record; when this returns it survives the end of the process, and a power cut where the store does.
    func add(_ record: [UInt8]) throws(StoreError) -> JournalEntry

    /// Forgets a record: all is done, or nothing is to be done.
    func finish(_ entry: JournalEntry) throws(StoreError)

    /// Takes over the records of processes that are no more, the oldest first.
    func takeOver() throws(StoreError) -> [(entry: JournalEntry, record: [UInt8])]
}

/// A record in a journal, which is this process's as long as the value is kept.
public final class JournalEntry {
    /// The name of the record, the same for whoever takes it over: ASCII letters, digits and hyphens.
    public let name: String
    private let letGo: () -> Void

    /// Makes an entry; `letGo` is called when nobody holds it any more.
    public init(name: String, letGo: @escaping () -> Void) {
        self.name = name
        self.letGo = letGo
    }

    deinit { letGo() }
}
