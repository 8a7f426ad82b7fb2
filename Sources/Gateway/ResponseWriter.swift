internal import HTTP

/// Takes the bytes of a response towards the web server.
protocol ResponseTransport: AnyObject {
    /// Sends bytes; false when the web server is gone.
    func send(_ bytes: [UInt8]) -> Bool
}

/// How a response ended.
public enum Outcome: Hashable, Sendable {
    /// It was sent to the end.
    case sent
    /// The web server or the client went away before.
    case closed
    /// The body broke off; the text is for the log. If nothing had been sent yet, the client got a 500.
    case failed(String)
}

/// Writes a response in the form of CGI (RFC 3875 §6), which FastCGI and SCGI share.
final class ResponseWriter: ByteSink {
    private static let bufferBytes = 32768

    private let transport: any ResponseTransport
    private var buffer: [UInt8] = []
    private var headBytes = 0
    private var isCommitted = false
    /// Whether the body broke off with a part of it on its way.
    private(set) var isBroken = false
    private var sentBytes = 0
    private var isClosed = false

    /// Makes a writer for one response, which may use the memory of a buffer from before.
    init(_ transport: any ResponseTransport, buffer: consuming [UInt8] = []) {
        self.transport = transport
        self.buffer = buffer
        self.buffer.removeAll(keepingCapacity: true)
        self.buffer.reserveCapacity(Self.bufferBytes + 1024)
    }

    /// The buffer for the next writer; this one writes no more.
    func takeBuffer() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &buffer)
        return taken
    }

    /// Bytes of the body that were sent.
    var bodyBytes: Int { max(0, sentBytes - headBytes) }

    /// Writes the whole of `response`.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - isHead: whether the method is HEAD, so that no body is sent.
    /// - Returns: how it ended, and the status that was sent.
    func write(_ response: Response, isHead: Bool) -> (outcome: Outcome, status: Status) {
        let sendsBody = !isHead && response.status.allowsBody
        do throws(StreamError) {
            do throws(SinkClosed) {
                try writeHead(response, isHead: isHead)
                if sendsBody, case .bytes(let bytes) = response.body { try write(bytes) }
            } catch {
                throw .closed
            }
            if sendsBody, case .stream(let make) = response.body { try make(self) }
        } catch {
            switch error {
            case .closed: return (.closed, response.status)
            case .failed(let reason): return fail(reason, response.status)
            }
        }
        return (flush() ? .sent : .closed, response.status)
    }

    func write(_ bytes: [UInt8]) throws(SinkClosed) {
        if isClosed { throw SinkClosed() }
        if buffer.isEmpty, bytes.count >= Self.bufferBytes {
            guard send(bytes) else { throw SinkClosed() }
            return
        }
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes, !flush() { throw SinkClosed() }
    }

    /// Answers 500 when that is still possible.
    private func fail(_ reason: String, _ status: Status) -> (outcome: Outcome, status: Status) {
        guard !isCommitted else {
            isBroken = true
            return (.failed(reason), status)
        }
        buffer.removeAll(keepingCapacity: true)
        let error = Response(.internalServerError, text: "The answer could not be made.\n")
        let (outcome, status) = write(error, isHead: false)
        return (outcome == .sent ? .failed(reason) : outcome, status)
    }

    private func writeHead(_ response: Response, isHead: Bool) throws(SinkClosed) {
        // RFC 3875 §6.3.3: without it, a web server takes the status for 200, or for 302 when there is a Location.
        buffer.append(contentsOf: "Status: ".utf8)
        let code = response.status.code
        for divisor in [100, 10, 1] {
            buffer.append(0x30 + UInt8(truncatingIfNeeded: code / divisor % 10))
        }
        buffer.append(UInt8(ascii: " "))
        buffer.append(contentsOf: response.status.reason.utf8)
        buffer.append(contentsOf: "\r\n".utf8)
        for field in response.fields.all where isToken(field.name.utf8) {
            if isLength(field.name) { continue }
            appendField(field.name, field.value, to: &buffer)
        }
        if let length = length(response, isHead: isHead) {
            appendField("Content-Length", length, to: &buffer)
        }
        buffer.append(contentsOf: "\r\n".utf8)
        headBytes = buffer.count
        // Unlikely, and then a matter of memory only.
        if buffer.count >= Self.bufferBytes, !flush() { throw SinkClosed() }
    }

    /// The `Content-Length` to send (RFC 9110 §8.6), nil for none.
    private func length(_ response: Response, isHead: Bool) -> String? {
        guard response.status.allowsBody else { return nil }
        switch response.body {
        case .bytes(let bytes): return String(bytes.count)
        case .stream: return nil
        // RFC 9110 §9.3.2: what GET would have said, if the responder knows.
        case .none: return isHead ? response.fields["Content-Length"] : "0"
        }
    }

    private func isLength(_ name: String) -> Bool {
        name.utf8.count == 14 && name.lowercased() == "content-length"
    }

    /// Adds a line; a value cannot end it (RFC 9110 §5.5: control characters become spaces).
    private func appendField(_ name: String, _ value: String, to head: inout [UInt8]) {
        head.append(contentsOf: name.utf8)
        head.append(contentsOf: ": ".utf8)
        let start = head.count
        head.append(contentsOf: value.utf8)
        for index in start..<head.count {
            let byte = head[index]
            if (byte < 0x20 && byte != 0x09) || byte == 0x7F { head[index] = 0x20 }
        }
        head.append(contentsOf: "\r\n".utf8)
    }

    private func flush() -> Bool {
        guard !buffer.isEmpty else { return !isClosed }
        defer { buffer.removeAll(keepingCapacity: true) }
        return send(buffer)
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        isCommitted = true
        if !isClosed, transport.send(bytes) {
            sentBytes += bytes.count
        } else {
            isClosed = true
        }
        return !isClosed
    }
}

extension Status {
    /// Whether a response of this status has a body (RFC 9110 §6.4.1).
    var allowsBody: Bool { code >= 200 && code != 204 && code != 304 }
}
