public import Store

/// Messages that wait on the disk to be mailed, below the data root in `.artemisios/mail`.
///
/// Whoever makes changes keeps a journal of them and their messages, and hands a message over (`add`) when its change is
/// made. It may do so again under the same name when it does not know whether it did: a message is taken once. From then on
/// it is on the disk in `ready/`, and goes out.
///
/// The `Message-ID` is made of the name, so a mail that is sent again is the same mail. One sender at a time (it holds
/// `sender.lock`) hands a ready message to the mail server and renames the file into `sent/` as soon as it reads that the
/// server has it. A mail whose acknowledgement was noted is never sent again. Who is killed after the server has taken the
/// mail and before that would send it again, under the same `Message-ID`, by which the receiving side can know it (RFC
/// 1047); a second process stands by for that, so it takes the death of both. No sender can exclude more.
public final class OutgoingQueue {
    /// Where a message is in its life.
    public enum Stage: String, Sendable, CaseIterable {
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

    /// Takes a message over, to be sent in any case; does nothing when one called `name` was taken over before.
    ///
    /// When it returns the message is on the disk. It may be called by several processes at once.
    ///
    /// - Parameters:
    ///   - message: the message.
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

    /// Names of the messages at a stage, in their order.
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

    /// Removes a message: it was sent long ago.
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

    /// 16 digits for a text (FNV-1a).
    private static func digest(_ text: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
