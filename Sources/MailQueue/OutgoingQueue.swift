public import Store

/// Messages that wait on the disk to be mailed, below the data root in `.artemisios/mail`.
///
/// A message belongs to a change of a collection, and goes out exactly when the change is made:
///
/// 1. With the collection's lock held, and the change stored but not yet made (`UpdatePlan.beforeEntry`), each message is
///    written to a file in `prepared/` and flushed. The file names the collection and the entry of its history that the
///    change will be.
/// 2. The change is made: from this instant the history has the entry.
/// 3. The file is renamed into `ready/`, where the sender finds it.
///
/// Whoever does this may be killed anywhere. A file that stays in `prepared/` is judged by the sender with the lock of
/// the collection, when nobody can be between 1 and 2: if the history has the entry, it is renamed into `ready/`, else it
/// is removed, because the change was not made. So a change has its messages, and a message its change.
///
/// The name of a file comes from the entry, the collection and the place of the message among those of the change, so
/// the same change never makes two files; the `Message-ID` is made of the same, so a mail that is sent again is the same
/// mail. One sender at a time (it holds `sender.lock`) hands a ready message to the mail server and renames the file into
/// `sent/` as soon as it reads that the server has it. Killed after the server has taken the mail and before that, it sends
/// the mail again, under the same `Message-ID`, by which the receiving side can know it: no sender can exclude this
/// (RFC 1047). A mail whose acknowledgement was read and noted is never sent again.
///
/// Who keeps a journal of changes and their messages anyway uses `add` instead of 1 to 3: it takes a message over, once.
public final class OutgoingQueue {
    /// Where a message is in its life.
    public enum Stage: String, Sendable, CaseIterable {
        /// Written, but its change may not have been made.
        case prepared
        /// To be sent.
        case ready
        /// Sent: kept for a while, so that nobody sends it again.
        case sent
        /// Given up: refused for good, or too old.
        case failed
    }

    private let directory: String
    private let fsync: Bool
    private var isMade = false
    private var lock: Int32?

    /// The most that a file of the queue may have.
    private static let maxBytes = 64 << 20

    /// The queue below the data root.
    ///
    /// - Parameters:
    ///   - root: the directory of the collections.
    ///   - fsync: whether what is acknowledged has to survive a power cut.
    public init(root: String, fsync: Bool = true) {
        self.directory = root + "/.artemisios/mail"
        self.fsync = fsync
    }

    deinit {
        if let lock { FileSystem.close(lock) }
    }

    // MARK: - Those who change collections

    /// Writes `messages` down before a change is made; call it from `UpdatePlan.beforeEntry`.
    ///
    /// - Parameters:
    ///   - messages: the messages, in an order that is the same whenever the same change is tried.
    ///   - entry: the change.
    ///   - collection: what is changed.
    /// - Returns: the names to hand to `release` when the change has been made.
    /// - Throws: what the change has to end with: `full`, `readOnly`, `damaged`.
    public func prepare(
        _ messages: [OutgoingMessage], for entry: EntryID, of collection: StorePath
    ) throws(StoreError) -> [String] {
        guard !messages.isEmpty else { return [] }
        var names: [String] = []
        do throws(QueueError) {
            try makeDirectories()
            let time = FileSystem.now()
            for (index, message) in messages.enumerated() {
                let queued = QueuedMessage(
                    message: message, collection: collection, entry: entry, time: time)
                let name = "\(entry)-\(Self.digest(collection.description.utf8))-\(index)"
                try FileSystem.write(queued.bytes, to: path(name, .prepared), fsync: fsync)
                names.append(name)
            }
            if fsync { try FileSystem.flushDirectory(folder(.prepared)) }
        } catch {
            throw StoreError(error)
        }
        return names
    }

    /// Says that the change has been made.
    ///
    /// A failure only costs time: the sender finds out by itself.
    public func release(_ names: [String]) {
        for name in names {
            do throws(QueueError) {
                _ = try FileSystem.rename(path(name, .prepared), to: path(name, .ready))
            } catch {
                continue
            }
        }
    }

    /// Takes a message over, to be sent in any case; does nothing when one called `name` was taken over before.
    ///
    /// When it returns the message is on the disk. It may be called by several processes at once.
    ///
    /// - Parameters:
    ///   - message: the message, with the change that it tells of.
    ///   - name: ASCII letters, digits and hyphens, at most 200; the same for the same message.
    /// - Throws: what the request has to end with: `full`, `readOnly`, `damaged`.
    public func add(_ message: QueuedMessage, as name: String) throws(StoreError) {
        do throws(QueueError) {
            try makeDirectories()
            // Without the lock two that have looked at the same time could both add it, the second after the first
            // was sent.
            let lock = try FileSystem.lock(directory + "/add.lock", waiting: true)
            defer { lock.map(FileSystem.close) }
            // In this order: a message goes from `ready` to `sent`.
            for stage in [Stage.ready, .sent, .failed] where FileSystem.age(of: path(name, stage)) != nil {
                return
            }
            // Under a name of its own: what is in `prepared` is judged by its entry.
            let temporary = directory + "/adding"
            try FileSystem.write(message.bytes, to: temporary, fsync: fsync)
            _ = try FileSystem.rename(temporary, to: path(name, .ready))
            if fsync { try FileSystem.flushDirectory(folder(.ready)) }
        } catch {
            throw StoreError(error)
        }
    }

    // MARK: - The sender

    /// Makes this process the sender; false when another one is.
    public func becomeSender() throws(QueueError) -> Bool {
        try makeDirectories()
        if lock == nil { lock = try FileSystem.lock(directory + "/sender.lock", waiting: false) }
        return lock != nil
    }

    /// Names of the messages at a stage, those of a change in their order.
    public func names(at stage: Stage) throws(QueueError) -> [String] {
        try FileSystem.names(in: folder(stage))
    }

    /// Reads a message; nil when it is no longer there.
    public func message(_ name: String, at stage: Stage) throws(QueueError) -> QueuedMessage? {
        guard let bytes = try FileSystem.read(path(name, stage), limit: Self.maxBytes) else { return nil }
        guard let message = QueuedMessage(bytes: bytes) else {
            throw .malformed(path: path(name, stage))
        }
        return message
    }

    /// Seconds since a message was written, nil when it is not there.
    public func age(of name: String, at stage: Stage) -> Int? {
        FileSystem.age(of: path(name, stage))
    }

    /// Gives a message another stage; false when it is no longer there.
    @discardableResult
    public func move(_ name: String, from old: Stage, to new: Stage) throws(QueueError) -> Bool {
        let isThere = try FileSystem.rename(path(name, old), to: path(name, new))
        if isThere, fsync {
            try FileSystem.flushDirectory(folder(new))
            try FileSystem.flushDirectory(folder(old))
        }
        return isThere
    }

    /// Removes a message: its change was not made, or it was sent long ago.
    public func remove(_ name: String, at stage: Stage) throws(QueueError) {
        try FileSystem.remove(path(name, stage))
        if fsync { try FileSystem.flushDirectory(folder(stage)) }
    }

    /// What the recipient was sent last about something, empty when nothing; `key` names both.
    public func lastSent(about key: String) throws(QueueError) -> [UInt8] {
        try FileSystem.read(directory + "/last/" + Self.digest(key.utf8), limit: Self.maxBytes) ?? []
    }

    /// Remembers what the recipient was sent; forgets it when `calendar` is empty.
    public func setLastSent(_ calendar: [UInt8], about key: String) throws(QueueError) {
        let path = directory + "/last/" + Self.digest(key.utf8)
        guard !calendar.isEmpty else { return try FileSystem.remove(path) }
        try FileSystem.makeDirectory(directory + "/last")
        try FileSystem.write(calendar, to: path + ".new", fsync: false)
        _ = try FileSystem.rename(path + ".new", to: path)
    }

    // MARK: - Places

    private func makeDirectories() throws(QueueError) {
        guard !isMade else { return }
        for stage in Stage.allCases { try FileSystem.makeDirectory(folder(stage)) }
        if fsync { try FileSystem.flushDirectory(directory) }
        isMade = true
    }

    private func folder(_ stage: Stage) -> String { "\(directory)/\(stage.rawValue)" }

    private func path(_ name: String, _ stage: Stage) -> String { "\(folder(stage))/\(name)" }

    /// 16 digits for a text (FNV-1a), such as the path of a collection: a copy of one has the same history.
    private static func digest(_ text: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
