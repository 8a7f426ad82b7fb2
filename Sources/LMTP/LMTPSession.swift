/// One conversation as a state machine: bytes in, replies and work to do out (RFC 2033).
///
/// It touches no socket. After `resolve` or `deliver` it reads nothing more until it is told how that went; what comes
/// meanwhile (RFC 2920) is kept.
public struct LMTPSession {
    /// What is to be done.
    public enum Action: Hashable, Sendable {
        /// Write these bytes.
        case write([UInt8])
        /// Find out whether the recipient is one of ours, and call `resolved`.
        case resolve(recipient: String)
        /// Deliver, and call `delivered` with a reply for each recipient.
        case deliver(LMTPTransaction)
        /// Close the connection.
        case close
    }

    private enum State {
        case command
        case data(LMTPData)
        case resolving(String)
        case delivering(count: Int)
        case closed
    }

    private let options: LMTPOptions
    private var state = State.command
    private var input: [UInt8] = []
    /// Whether what comes belongs to a line that was too long.
    private var isSkipping = false
    private var isGreeted = false
    private var sender: String?
    private var recipients: [String] = []
    private var errors = 0
    private var actions: [Action] = []

    /// Makes a session; `greeting` is the first that has to be written.
    public init(_ options: LMTPOptions) {
        self.options = options
    }

    /// The first line.
    public var greeting: [UInt8] {
        Array("220 \(options.hostName) LMTP Artemisios\r\n".utf8)
    }

    /// Whether it waits for `resolved` or `delivered`.
    public var isWaiting: Bool {
        switch state {
        case .resolving, .delivering: true
        case .command, .data, .closed: false
        }
    }

    /// Takes what has come.
    public mutating func receive(_ bytes: some Sequence<UInt8>) -> [Action] {
        input += bytes
        return proceed()
    }

    /// Takes the answer to `resolve`.
    public mutating func resolved(_ reply: LMTPReply) -> [Action] {
        guard case .resolving(let recipient) = state else { return [] }
        state = .command
        if reply.isPositive { recipients.append(recipient) }
        say(reply)
        return proceed()
    }

    /// Takes the answers to `deliver`, one for each recipient in their order.
    public mutating func delivered(_ replies: [LMTPReply]) -> [Action] {
        guard case .delivering(let count) = state else { return [] }
        precondition(replies.count == count, "RFC 2033 §4.2: one reply for each recipient")
        state = .command
        for reply in replies { say(reply) }
        return proceed()
    }

    /// Says that there was no word for too long.
    public mutating func timedOut() -> [Action] {
        guard !isWaiting else { return [] }
        say(LMTPReply(421, "4.4.2", "No word for \(options.timeoutSeconds) seconds"))
        close()
        return take()
    }

    // MARK: - Reading

    private mutating func proceed() -> [Action] {
        var place = 0
        reading: while true {
            switch state {
            case .command:
                guard let line = nextLine(&place) else { break reading }
                obey(line)
            case .data(var data):
                // Taken out, so that it is not copied with each piece.
                state = .command
                guard let count = data.take(input[place...]) else {
                    place = input.count
                    state = .data(data)
                    break reading
                }
                place += count
                finish(data)
            case .resolving, .delivering: break reading
            case .closed:
                place = input.count
                break reading
            }
        }
        input.removeFirst(place)
        return take()
    }

    private mutating func take() -> [Action] {
        defer { actions = [] }
        return actions
    }

    /// The next whole line without its end, nil when there is none.
    private mutating func nextLine(_ place: inout Int) -> [UInt8]? {
        while let end = input[place...].firstIndex(of: 0x0a) {
            var line = input[place..<end]
            place = end + 1
            if line.last == 0x0d { line = line.dropLast() }
            if isSkipping || line.count > options.maxLineBytes {
                isSkipping = false
                complain(LMTPReply(500, "5.5.6", "The line is too long"))
                continue
            }
            return Array(line)
        }
        // A CR may be the first half of the line's end.
        if input.count - place > options.maxLineBytes + (input.last == 0x0d ? 1 : 0) {
            isSkipping = true
            place = input.count
        }
        return nil
    }

    // MARK: - Obeying

    private mutating func obey(_ line: [UInt8]) {
        switch LMTPCommand(line) {
        case .lhlo: greet()
        case .mail(let from, let parameters): begin(from, parameters)
        case .recipient(let to, let parameters): add(to, parameters)
        case .data: data()
        case .reset:
            forget()
            say(LMTPReply(250, "2.0.0", "Forgotten"))
        case .noop: say(LMTPReply(250, "2.0.0", "Nothing done"))
        case .verify: say(LMTPReply(252, "2.5.0", "Try, and see"))
        case .quit:
            say(LMTPReply(221, "2.0.0", "Good bye"))
            close()
        case .notHere:
            // RFC 2033 §4.1: HELO and EHLO are not of this protocol; the answer must be 500.
            complain(LMTPReply(500, "5.5.1", "This is LMTP; it begins with LHLO"))
        case .unknown: complain(LMTPReply(500, "5.5.2", "No such command"))
        case .malformed(let reason): complain(LMTPReply(501, "5.5.4", reason))
        }
    }

    private mutating func greet() {
        forget()
        isGreeted = true
        let lines = [
            options.hostName, "PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME", "SMTPUTF8",
            "SIZE \(options.maxMessageBytes)",
        ]
        for (index, line) in lines.enumerated() {
            write("250\(index == lines.count - 1 ? " " : "-")\(line)\r\n")
        }
    }

    private mutating func begin(_ from: String, _ parameters: [LMTPCommand.Parameter]) {
        guard isGreeted else { return complain(LMTPReply(503, "5.5.1", "LHLO comes first")) }
        guard sender == nil else { return complain(LMTPReply(503, "5.5.1", "There is a sender already")) }
        for parameter in parameters {
            switch (parameter.keyword, parameter.value?.uppercased()) {
            case ("SIZE", let value?):
                guard let size = Int(value), size >= 0 else {
                    return complain(LMTPReply(501, "5.5.4", "SIZE needs a number"))
                }
                // RFC 1870 §6.1.
                guard size <= options.maxMessageBytes else {
                    return say(LMTPReply(552, "5.3.4", "The mail is too large"))
                }
            case ("BODY", "7BIT"), ("BODY", "8BITMIME"), ("SMTPUTF8", nil): break
            default: return complain(LMTPReply(555, "5.5.4", "\(parameter.keyword) is not understood"))
            }
        }
        sender = from
        say(LMTPReply(250, "2.1.0", "Sender noted"))
    }

    private mutating func add(_ to: String, _ parameters: [LMTPCommand.Parameter]) {
        guard sender != nil else { return complain(LMTPReply(503, "5.5.1", "MAIL comes first")) }
        if let parameter = parameters.first {
            return complain(LMTPReply(555, "5.5.4", "\(parameter.keyword) is not understood"))
        }
        guard recipients.count < options.maxRecipients else {
            return say(LMTPReply(452, "4.5.3", "Too many recipients"))
        }
        state = .resolving(to)
        actions.append(.resolve(recipient: to))
    }

    private mutating func data() {
        // RFC 2033 §4.2: without a recipient DATA must be refused.
        guard sender != nil, !recipients.isEmpty else {
            return complain(LMTPReply(503, "5.5.1", "There is no valid recipient"))
        }
        state = .data(LMTPData(limit: options.maxMessageBytes))
        write("354 The mail, then a line with a dot\r\n")
    }

    private mutating func finish(_ data: LMTPData) {
        let transaction = LMTPTransaction(
            sender: sender ?? "", recipients: recipients, message: data.bytes)
        forget()
        if data.isOverLimit {
            for _ in transaction.recipients { say(LMTPReply(552, "5.3.4", "The mail is too large")) }
            return
        }
        state = .delivering(count: transaction.recipients.count)
        actions.append(.deliver(transaction))
    }

    private mutating func forget() {
        sender = nil
        recipients = []
    }

    // MARK: - Saying

    private mutating func complain(_ reply: LMTPReply) {
        say(reply)
        errors += 1
        guard errors >= options.maxErrors else { return }
        say(LMTPReply(421, "4.7.0", "Too many errors"))
        close()
    }

    private mutating func say(_ reply: LMTPReply) {
        write("\(reply)\r\n")
    }

    private mutating func write(_ text: String) {
        // Replies to commands that came together go together.
        if case .write(let before)? = actions.last {
            actions[actions.count - 1] = .write(before + Array(text.utf8))
        } else {
            actions.append(.write(Array(text.utf8)))
        }
    }

    private mutating func close() {
        state = .closed
        actions.append(.close)
    }
}
