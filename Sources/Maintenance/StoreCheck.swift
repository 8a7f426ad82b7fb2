public import GitStore
import ICalendar
public import Store
import VCard

/// Looks through a whole store for what is wrong.
public struct StoreCheck {
    private let store: GitCollectionStore
    private let isRepairing: Bool
    private let git: String

    /// Something that is wrong, and where.
    public struct Finding: Hashable, Sendable, CustomStringConvertible {
        /// The collection or directory.
        public let path: StorePath
        /// The item, nil when it is about the whole.
        public let item: ItemName?
        /// What it is.
        public let sentence: String
        /// Whether it was put right.
        public let isRepaired: Bool

        /// One line.
        public var description: String {
            let place = item.map { path.appending($0) } ?? path
            return "\(place): \(sentence)\(isRepaired ? " (repaired)" : "")"
        }
    }

    /// Makes a check of `store`, which repairs what it safely can where `isRepairing`.
    public init(_ store: GitCollectionStore, isRepairing: Bool = false, git: String = "git") {
        self.store = store
        self.isRepairing = isRepairing
        self.git = git
    }

    /// Checks all containers, and tells `report` of each finding as it is made.
    ///
    /// - Returns: the number of collections looked at.
    public func run(_ report: @escaping (Finding) -> Void) -> Int {
        var count = 0
        var rest: [StorePath] = [.root]
        while let path = rest.popLast() {
            let findings = Findings(path: path, report: report)
            findings.attempt("its contents cannot be listed") { () throws(StoreError) in
                rest += try store.children(of: path).reversed().map { path.appending($0) }
                for name in try store.unfinishedContainers(in: path, isRemoving: isRepairing) {
                    findings.add("\(name) was never finished", isRepaired: isRepairing)
                }
                if try store.kind(at: path) == .collection {
                    count += 1
                    check(path, findings)
                }
            }
        }
        return count
    }

    private func check(_ path: StorePath, _ findings: Findings) {
        findings.attempt("it cannot be checked") { () throws(StoreError) in
            for finding in try store.check(path, isRepairing: isRepairing, git: git) {
                findings.add(finding.sentence, isRepaired: finding.isRepaired)
            }
        }
        findings.attempt("its items cannot be listed") { () throws(StoreError) in
            let isInbox = try store.metadata(of: path)[.type] == Self.inboxType
            try checkItems(of: store.committedSnapshot(of: path), isInbox: isInbox, findings)
        }
    }

    /// Every object can be read, and no two of a collection have the same UID (RFC 4791 §4.1, RFC 6352 §5.1).
    ///
    /// An inbox has messages, any number with the same UID, which are no calendar objects (RFC 6638 §2.2): these can be
    /// read, and that is all.
    private func checkItems(of snapshot: any Snapshot, isInbox: Bool, _ findings: Findings) {
        var holders: [[UInt8]: ItemName] = [:]
        for item in snapshot.items {
            guard let kind = ObjectKind(item.name) else { continue }
            do throws(StoreError) {
                let bytes = try snapshot.bytes(of: item.version)
                guard !isInbox, let uid = try kind.uid(bytes) else { continue }
                // As bytes: two strings may be equal and yet two UIDs.
                if let other = holders.updateValue(item.name, forKey: Array(uid.utf8)) {
                    findings.add("it has the UID of \(other): \(uid)", item: item.name)
                }
            } catch {
                findings.add(Self.text(of: error), item: item.name)
            }
        }
    }

    /// The type of the collection of incoming messages, as its settings have it.
    private static let inboxType = "schedule-inbox"

    static func text(of error: StoreError) -> String {
        if case .damaged(let details) = error { return details }
        return "\(error)"
    }

    /// Where findings about one container go.
    private struct Findings {
        let path: StorePath
        let report: (Finding) -> Void

        func add(_ sentence: String, item: ItemName? = nil, isRepaired: Bool = false) {
            report(Finding(path: path, item: item, sentence: sentence, isRepaired: isRepaired))
        }

        func attempt(_ sentence: String, _ body: () throws(StoreError) -> Void) {
            do throws(StoreError) { try body() } catch {
                add("\(sentence): \(StoreCheck.text(of: error))")
            }
        }
    }
}

/// What an item is by its name.
private enum ObjectKind {
    case calendarObject, card

    init?(_ name: ItemName) {
        let text = name.description.lowercased()
        if text.hasSuffix(".ics") {
            self = .calendarObject
        } else if text.hasSuffix(".vcf") {
            self = .card
        } else {
            return nil
        }
    }

    /// The UID in the bytes.
    ///
    /// - Throws: `damaged` with what is wrong with them.
    func uid(_ bytes: [UInt8]) throws(StoreError) -> String? {
        switch self {
        case .calendarObject:
            do { return try CalendarObject(bytes).uid } catch {
                throw .damaged(details: "it is no calendar object: \(error)")
            }
        case .card:
            do { return try CardParser.parse(bytes).uid } catch {
                throw .damaged(details: "it is no card: \(error)")
            }
        }
    }
}
