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

    /// Makes a log.
    public init(_ format: Configuration.LogFormat) {
        self.format = format
    }

    /// Writes the line of a request.
    public func record(_ exchange: Exchange) {
        StandardError.write(Array((line(exchange, at: SystemTime.now()) + "\n").utf8))
    }

    /// Writes a line on what happened outside a request, or beside its answer.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - id: the request it belongs to, if any.
    public func note(_ message: String, id: String? = nil) {
        StandardError.write(Array((line(message, id: id, at: SystemTime.now()) + "\n").utf8))
    }

    /// The line of a request.
    ///
    /// - Parameters:
    ///   - exchange: the request and its answer.
    ///   - milliseconds: since 1970-01-01T00:00:00Z.
    /// - Returns: the line without its end.
    public func line(_ exchange: Exchange, at milliseconds: Int64) -> String {
        let request = exchange.request
        var fields: [Field] = [
            .init("time", time(milliseconds)),
            .init("id", exchange.id),
            .init("remote", request?.remoteAddress),
            .init("user", request?.remoteUser),
            .init("method", request?.method.description),
            .init("target", request?.target, isQuoted: true),
            .init("status", exchange.status?.code),
            .init("bytes", exchange.bodyBytes, unit: "B"),
            .init("ms", tenths: exchange.microseconds / 100, unit: "ms"),
            .init("agent", request?.fields["User-Agent"], isQuoted: true),
        ]
        if let error = error(exchange) { fields.append(.init("error", error, isQuoted: true)) }
        return print(fields)
    }

    /// The line of a message.
    ///
    /// - Parameters:
    ///   - message: what happened.
    ///   - id: the request it belongs to, if any.
    ///   - milliseconds: since 1970-01-01T00:00:00Z.
    /// - Returns: the line without its end.
    public func line(_ message: String, id: String?, at milliseconds: Int64) -> String {
        print([
            .init("time", time(milliseconds)),
            .init("id", id),
            .init("message", message, isQuoted: format == .json),
        ])
    }

    /// The line of a request that is ended because it makes no progress; it is made before, hence without a time.
    public func stalled(_ request: Request) -> String {
        print([
            .init("id", request.id),
            .init("method", request.method.description),
            .init("target", request.target, isQuoted: true),
            .init("error", "no progress within the time for a request; this worker ends", isQuoted: true),
        ]) + "\n"
    }

    private func error(_ exchange: Exchange) -> String? {
        if let problem = exchange.problem { return problem }
        switch exchange.outcome {
        case .sent: return nil
        case .closed: return "the client went away"
        case .failed(let reason): return reason
        }
    }

    private func time(_ milliseconds: Int64) -> String {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        let rest = String(milliseconds - seconds * 1000)
        let date = HTTPDate(secondsSince1970: seconds).internetDate.dropLast()
        return "\(date).\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest)Z"
    }

    private func print(_ fields: [Field]) -> String {
        switch format {
        case .text: fields.map(\.text).joined(separator: " ")
        case .json: "{" + fields.compactMap(\.json).joined(separator: ",") + "}"
        }
    }
}
