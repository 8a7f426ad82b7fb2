internal import MIME
public import MailQueue
public import MailTransport

/// Sends what is in the queue; one for each data root, in a process of its own.
public final class MailSender {
    /// When to try again, and how long.
    public struct Patience: Hashable, Sendable {
        /// Seconds after the first failure; twice as long after each further one.
        public var first: Int
        /// The most seconds between two attempts.
        public var most: Int
        /// Seconds after which a message is given up (RFC 5321 §4.5.4.1: four to five days).
        public var total: Int

        /// Makes a patience.
        public init(first: Int = 15, most: Int = 3600, total: Int = 5 * 86_400) {
            self.first = first
            self.most = most
            self.total = total
        }
    }

    private struct Retry {
        var failures = 0
        var time: ContinuousClock.Instant
    }

    private let queue: OutgoingQueue
    private let transport: any MailTransport
    private let from: String
    private let patience: Patience
    private let givesUp: (QueuedMessage, _ isRefused: Bool) -> Bool
    private let log: (String) -> Void
    private var retries: [String: Retry] = [:]
    private var nextPruning = ContinuousClock.now

    /// Days for which it is remembered that a message was sent.
    private static let sentDays = 60

    /// Makes a sender.
    ///
    /// - Parameters:
    ///   - queue: what to send.
    ///   - transport: the way to the mail server.
    ///   - from: the address that mails come from, and that failures are reported to.
    ///   - patience: when to try again.
    ///   - givesUp: told of a message before it is given up, and whether it was refused rather than never taken; false
    ///     when that has to wait.
    ///   - log: takes one line for each thing to be known, without its end.
    public init(
        _ queue: OutgoingQueue, transport: any MailTransport, from: String,
        patience: Patience = Patience(),
        givesUp: @escaping (QueuedMessage, _ isRefused: Bool) -> Bool = { _, _ in true },
        log: @escaping (String) -> Void
    ) {
        self.queue = queue
        self.givesUp = givesUp
        self.transport = transport
        self.from = from
        self.patience = patience
        self.log = log
    }

    /// Sends what is due.
    ///
    /// - Parameter isGoingOn: asked before each message; false ends the round.
    /// - Returns: how many messages were sent.
    /// - Throws: when the queue cannot be read at all.
    @discardableResult
    public func round(while isGoingOn: () -> Bool = { true }) throws(QueueError) -> Int {
        var sent = 0
        let names = try queue.names(at: .ready)
        retries = retries.filter { names.contains($0.key) }
        for name in names where retries[name].map({ $0.time <= .now }) ?? true {
            guard isGoingOn() else { break }
            do throws(QueueError) {
                if try send(name) { sent += 1 }
            } catch {
                log("mail \(name): \(error)")
                postpone(name)
            }
        }
        prune()
        return sent
    }

    // MARK: - Sending

    private func send(_ name: String) throws(QueueError) -> Bool {
        guard let queued = try queue.message(name, at: .ready) else { return false }
        let key = IMIPMessage.subjectKey(queued)
        var previous = queued.message.previous
        if previous.isEmpty, let key { previous = try queue.lastSent(about: key) }
        guard let message = IMIPMessage(queued, name: name, from: from, previous: previous) else {
            return try give(up: name, queued, because: "there is no calendar in it")
        }
        let bytes: [UInt8]
        do { bytes = try message.composition.bytes() } catch {
            return try give(up: name, queued, because: "\(error)")
        }
        let recipient = queued.message.recipient.address
        var failure: QueueError?
        let outcome = transport.send(bytes, from: from, to: recipient) {
            // As soon as can be: what is killed before this sends the mail again.
            do throws(QueueError) {
                try queue.move(name, from: .ready, to: .sent)
                log("mail \(name): \(message.composition.method) to \(recipient) is sent")
                let isOver = message.composition.method == "CANCEL"
                if let key { try queue.setLastSent(isOver ? [] : queued.message.calendar, about: key) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        switch outcome {
        case .accepted:
            retries[name] = nil
            return true
        case .permanent(let reason): return try give(up: name, queued, because: "\(recipient): \(reason)")
        case .temporary(let reason):
            if (queue.age(of: name, at: .ready) ?? 0) > patience.total {
                return try give(
                    up: name, queued, isRefused: false,
                    because: "\(recipient), for \(patience.total) s: \(reason)")
            }
            let seconds = postpone(name)
            log("mail \(name): \(recipient): \(reason); again in \(seconds) s")
            return false
        }
    }

    /// Puts a message aside, where a person can look at it.
    private func give(
        up name: String, _ queued: QueuedMessage, isRefused: Bool = true, because reason: String
    ) throws(QueueError) -> Bool {
        guard givesUp(queued, isRefused) else {
            let seconds = postpone(name)
            log("mail \(name): \(reason); this cannot be noted now, so again in \(seconds) s")
            return false
        }
        try queue.move(name, from: .ready, to: .failed)
        retries[name] = nil
        log("mail \(name) is given up: \(reason)")
        return false
    }

    @discardableResult
    private func postpone(_ name: String) -> Int {
        var retry = retries[name] ?? Retry(time: .now)
        let seconds = min(patience.first << min(retry.failures, 12), patience.most)
        retry.failures += 1
        retry.time = .now + .seconds(seconds)
        retries[name] = retry
        return seconds
    }

    /// Forgets what was sent long ago.
    private func prune() {
        guard nextPruning <= .now else { return }
        nextPruning = .now + .seconds(3600)
        do throws(QueueError) {
            for name in try queue.names(at: .sent) {
                guard let age = queue.age(of: name, at: .sent), age > Self.sentDays * 86_400 else { continue }
                try queue.remove(name, at: .sent)
            }
        } catch {
            log("the queue of mails: \(error)")
        }
    }
}
