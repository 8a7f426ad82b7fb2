public import HTTP

/// Where a `Listener` says what happened.
public struct ListenerLog {
    let exchange: (Exchange) -> Void
    let stalled: (Request) -> [UInt8]

    /// Makes a log.
    ///
    /// - Parameters:
    ///   - exchange: called after each request.
    ///   - stalled: gives the line to write when a request has to be ended because it makes no progress; asked for before
    ///     the request is answered.
    public init(exchange: @escaping (Exchange) -> Void, stalled: @escaping (Request) -> [UInt8]) {
        self.exchange = exchange
        self.stalled = stalled
    }
}

/// Answers what comes over a listening socket, one request at a time.
///
/// Connections carry one request: one that is kept would keep this process waiting for a web server that has nothing to
/// ask, while others have. A process started by a supervisor finds in `ARTEMISIOS_LIFELINE` the number of a socket to it:
/// one byte on it says that this process is ready, and its end is the end of this process.
public final class Listener {
    /// Why `run` came to its end.
    public enum Ending: Hashable, Sendable {
        /// SIGTERM or SIGINT came, or the process that started this one is gone.
        case stopped
        /// It has answered as many requests as it was told to.
        case maxRequests
    }

    private let options: GatewayOptions
    private let log: ListenerLog
    private let acceptor: Acceptor
    private let timer: RequestTimer
    private var ids = RequestIDs()
    /// Memory for responses, which each writer hands on to the next.
    private var buffer: [UInt8] = []

    /// Takes over the listening socket and the signals SIGTERM, SIGINT, SIGPIPE and SIGALRM of this process.
    ///
    /// - Parameters:
    ///   - socket: the listening socket: descriptor 0, by the convention of FastCGI.
    ///   - options: how to listen.
    ///   - log: where to say what happened.
    /// - Throws: `notListening`, and `system` when the system is out of something.
    public init(socket: Int32 = 0, options: GatewayOptions, log: ListenerLog) throws(GatewayError) {
        // First: libfcgi sets signals, which are then set to what they must be.
        if options.wire == .fastCGI { try FastCGIWire.setUp() }
        self.options = options
        self.log = log
        self.acceptor = try Acceptor(socket: socket, lifeline: Lifeline.inherited())
        self.timer = RequestTimer(
            peerSeconds: options.peerTimeoutSeconds, requestSeconds: options.requestTimeoutSeconds)
    }

    /// Answers requests until told to end; a request in hand is answered first.
    ///
    /// - Throws: `system` when no connection can be accepted any more.
    public func run(_ responder: any Responder) throws(GatewayError) -> Ending {
        try acceptor.sayReady()
        var answered = 0
        while let connection = try acceptor.next() {
            serve(connection, responder)
            answered += 1
            if let most = options.maxRequests, answered >= most { return .maxRequests }
        }
        return .stopped
    }

    private func serve(_ connection: Connection, _ responder: any Responder) {
        let start = SystemTime.monotonic()
        timer.waitForPeer(on: connection.descriptor, toRead: true)
        // Before the descriptor can mean another connection.
        defer { timer.stop() }
        let id = ids.next()
        let wire: any Wire =
            switch options.wire {
            case .fastCGI: FastCGIWire(connection, timer: timer)
            case .scgi: SCGIWire(connection, timer: timer)
            }
        var request: Request?
        var problem: String?
        let response: Response
        switch wire.receive() {
        case .request(let variables, let length, let next):
            do throws(CGIError) {
                let body = RequestBody(length: length, next: next)
                let understood = try variables.request(body: body, id: id)
                timer.start(log.stalled(understood))
                request = understood
                response = responder.respond(to: understood)
            } catch {
                problem = error.description
                response = Response(error.status, text: "The request could not be understood.\n")
            }
        case .refused(let why, let status):
            problem = why
            response = Response(status, text: "The request could not be understood.\n")
        case .nothing(let why):
            if let why { record(id, nil, nil, 0, start, .closed, why) }
            return
        }
        var memory: [UInt8] = []
        swap(&memory, &buffer)
        let writer = ResponseWriter(wire, buffer: consume memory)
        var (outcome, status) = writer.write(response, isHead: request?.method == .head)
        if !wire.finish(isComplete: outcome == .sent || !writer.isBroken), outcome == .sent {
            outcome = .closed
        }
        buffer = writer.takeBuffer()
        record(id, request, status, writer.bodyBytes, start, outcome, problem)
    }

    private func record(
        _ id: String, _ request: Request?, _ status: Status?, _ bodyBytes: Int, _ start: Int,
        _ outcome: Outcome,
        _ problem: String?
    ) {
        log.exchange(
            Exchange(
                id: id, request: request, status: status, bodyBytes: bodyBytes,
                microseconds: SystemTime.monotonic() - start, outcome: outcome, problem: problem))
    }
}

/// Names requests: 16 hex digits that no other process is likely to use.
private struct RequestIDs {
    /// Random, so that processes differ; the numbers after it only have to differ from each other.
    private var state = UInt64.random(in: .min ... .max)

    mutating func next() -> String {
        // SplitMix64: each state gives another number.
        state &+= 0x9e37_79b9_7f4a_7c15
        var number = state
        number = (number ^ number >> 30) &* 0xbf58_476d_1ce4_e5b9
        number = (number ^ number >> 27) &* 0x94d0_49bb_1331_11eb
        number ^= number >> 31
        return unsafe String(unsafeUninitializedCapacity: 16) { buffer in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 15
                unsafe buffer[index] = digit < 10 ? 0x30 + digit : 0x57 + digit
            }
            return 16
        }
    }
}
