public import Gateway
public import HTTP

/// One line of the log for each request, on the standard error stream.
///
/// In text, with `-` for what is not known, and quotes around what the client chose:
///
/// ```
/// 2026-03-01T09:30:00.123Z 5bd1… 192.0.2.7 ana PROPFIND "/calendars/" 207 1834B 2.1ms "DAVx5/4.4"
/// ```
///
/// In JSON, one object with `time`, `id`, `remote`, `user`, `method`, `target`, `status`, `bytes`, `ms`, `agent`, and `error`
/// where there is one. Control characters are escaped, so that a client cannot write lines of its own.
public struct AccessLog: Sendable {
    private let format: Configuration.LogFormat
    /// How the line of a request without progress ends, which is the same for all.
    private let endOfStalled: [UInt8]

    /// Makes a log.
    public init(_ format: Configuration.LogFormat) {
        self.format = format
        var line = Line(format)
        line.add("id", "any")
        let start = line.bytes.count
        line.add("error", "no progress within the time for a request; this worker ends", isQuoted: true)
        line.end()
        line.endLine()
        self.endOfStalled = Array(line.bytes[start...])
    }

    /// Writes the line of a request.
    public func record(_ exchange: Exchange) {
        write(fields(of: exchange, at: SystemTime.now()))
    }

    /// Writes a line on what happened outside a request, or beside its answer.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - id: the request it belongs to, if any.
    public func note(_ message: String, id: String? = nil) {
        write(fields(of: message, id: id, at: SystemTime.now()))
    }

    /// The line of a request.
    ///
    /// - Parameters:
    ///   - exchange: the request and its answer.
    ///   - milliseconds: since 1970-01-01T00:00:00Z.
    /// - Returns: the line without its end.
    public func line(_ exchange: Exchange, at milliseconds: Int64) -> String {
        String(decoding: fields(of: exchange, at: milliseconds).bytes, as: UTF8.self)
    }

    /// The line of a message.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - id: the request it belongs to, if any.
    ///   - milliseconds: since 1970-01-01T00:00:00Z.
    /// - Returns: the line without its end.
    public func line(_ message: String, id: String?, at milliseconds: Int64) -> String {
        String(decoding: fields(of: message, id: id, at: milliseconds).bytes, as: UTF8.self)
    }

    /// The line of a request that is ended because it makes no progress; it is made before, hence without a time.
    public func stalled(_ request: Request) -> [UInt8] {
        var line = Line(format)
        line.add("id", request.id)
        line.add("method", request.method.description)
        line.add("target", request.target, isQuoted: true)
        line.append(endOfStalled)
        return line.bytes
    }

    private func fields(of exchange: Exchange, at milliseconds: Int64) -> Line {
        let request = exchange.request
        var line = Line(format)
        line.add("time", time: milliseconds)
        line.add("id", exchange.id)
        line.add("remote", request?.remoteAddress)
        line.add("user", request?.remoteUser)
        line.add("method", request?.method.description)
        line.add("target", request?.target, isQuoted: true)
        line.add("status", exchange.status?.code)
        line.add("bytes", exchange.bodyBytes, unit: "B")
        line.add("ms", tenths: exchange.microseconds / 100, unit: "ms")
        line.add("agent", request?.fields["User-Agent"], isQuoted: true)
        if let error = error(exchange) { line.add("error", error, isQuoted: true) }
        line.end()
        return line
    }

    private func fields(of message: String, id: String?, at milliseconds: Int64) -> Line {
        var line = Line(format)
        line.add("time", time: milliseconds)
        line.add("id", id)
        line.add("message", message, isFree: true)
        line.end()
        return line
    }

    private func write(_ line: Line) {
        var line = line
        line.endLine()
        StandardError.write(line.bytes)
    }

    private func error(_ exchange: Exchange) -> String? {
        if let problem = exchange.problem { return problem }
        switch exchange.outcome {
        case .sent: return nil
        case .closed: return "the client went away"
        case .failed(let reason): return reason
        }
    }
}
