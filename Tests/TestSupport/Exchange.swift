import Foundation
import HTTP
public import Testing

/// A file of requests and the answers promised to them, in the notation of the RFCs.
///
/// ```
/// multi-user: yes
/// >>Request
/// PROPFIND /ana/calendars/calendar/
/// REMOTE_USER: ana
/// Depth: 0
///
/// <propfind xmlns="DAV:"><prop><getetag/></prop></propfind>
/// >>Response
/// 207
///
/// <multistatus xmlns="DAV:">…
/// ```
///
/// Settings stand before the first request: `multi-user: yes`, `hide-principals: yes`, `route-prefix: /dav/`,
/// `quota-bytes: 1000`, `arguments: --max-attendees=2` as the worker takes them. XML is compared by structure: prefixes,
/// order of siblings and whitespace around elements do not count. `{name}` stands for a text that must be the same
/// wherever the name returns, in later requests too; `{*}` for any text. Fields that are not named in a promised
/// answer are not looked at; a field with the value `{none}` must be absent. `{nothing}` as the body: it must be empty.
/// JSON stands as it is sent.
public struct Exchange: Sendable, CustomTestStringConvertible {
    /// The file.
    public let file: String
    /// The settings before the first request.
    public let settings: [String: String]
    /// The pairs in order.
    public let pairs: [Pair]

    /// A request with its promised answer.
    public struct Pair: Sendable {
        /// The request.
        public let request: Message
        /// The answer.
        public let response: Message
    }

    /// One side of a pair.
    public struct Message: Sendable {
        /// The first line.
        public let start: String
        /// The fields.
        public let fields: [(name: String, value: String)]
        /// The body, with CRLF line ends where it is not XML.
        public let body: String
    }

    /// The file's name, for the report.
    public var testDescription: String {
        URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    }

    /// All exchanges in the folder `Exchanges/<topic>` beside the calling test; an empty folder is a failure.
    public static func all(_ topic: String, from caller: String = #filePath) -> [Exchange] {
        let folder = URL(fileURLWithPath: caller).deletingLastPathComponent().appendingPathComponent(
            "Exchanges"
        )
        .appendingPathComponent(topic)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let exchanges = files.filter { $0.hasSuffix(".http") }.sorted().map {
            Exchange(file: folder.appendingPathComponent($0).path)
        }
        if exchanges.isEmpty { Issue.record("no exchanges in \(folder.path)") }
        return exchanges
    }

    /// Reads one file.
    public init(file: String) {
        self.file = file
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        var settings: [String: String] = [:]
        var requests: [Message] = []
        var responses: [Message] = []
        for (index, section) in text.components(separatedBy: "\n>>").enumerated() {
            if index == 0, !section.hasPrefix(">>") {
                for line in section.split(separator: "\n") where !line.hasPrefix("#") {
                    let parts = line.split(separator: ":", maxSplits: 1).map {
                        $0.trimmingCharacters(in: .whitespaces)
                    }
                    if parts.count == 2 { settings[parts[0]] = parts[1] }
                }
                continue
            }
            let lines = section.components(separatedBy: "\n")
            let message = Message(lines: Array(lines.dropFirst()))
            if lines[0].hasSuffix("Request") { requests.append(message) } else { responses.append(message) }
        }
        if requests.isEmpty || requests.count != responses.count {
            Issue.record("\(file): \(requests.count) requests and \(responses.count) responses")
        }
        self.settings = settings
        self.pairs = zip(requests, responses).map(Pair.init)
    }

    /// Sends the requests to a fresh server and compares the answers.
    public func replay(on server: TestServer.Kind = .inProcess) throws {
        let server = try TestServer(
            server, multiUser: settings["multi-user"] == "yes", routePrefix: settings["route-prefix"],
            hidePrincipals: settings["hide-principals"] == "yes",
            quotaBytes: settings["quota-bytes"].flatMap { Int($0) },
            arguments: (settings["arguments"] ?? "").split(separator: " ").map(String.init))
        var captures: [String: String] = [:]
        for (index, pair) in pairs.enumerated() {
            let answer = server.send(pair.request.filled(with: captures))
            let problems = pair.response.differences(from: answer, captures: &captures)
            if !problems.isEmpty {
                Issue.record(
                    """
                    \(testDescription), pair \(index + 1): \(pair.request.start)
                    \(problems.joined(separator: "\n"))
                    --- answer:
                    \(answer.status.description)
                    \(answer.fields.all.map { "\($0.name): \($0.value)" }.joined(separator: "\n"))

                    \(answer.text)
                    """)
                return
            }
        }
    }
}

extension Exchange.Message {
    init(lines: [String]) {
        var lines = lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        self.start = lines.first ?? ""
        let head = lines.dropFirst().prefix { !$0.isEmpty }
        self.fields = head.map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (
                name: String(parts[0]),
                value: parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
            )
        }
        let rest = lines.dropFirst(head.count + 2)
        let isXML = rest.first?.hasPrefix("<") ?? false
        self.body = rest.joined(separator: isXML ? "\n" : "\r\n") + (rest.isEmpty || isXML ? "" : "\r\n")
    }

    /// The request with the captured texts in it.
    func filled(with captures: [String: String]) -> Request {
        func fill(_ text: String) -> String {
            captures.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
        }
        let parts = start.split(separator: " ").map(String.init)
        var fields: Fields = [:]
        for (name, value) in self.fields where name != "REMOTE_USER" { fields.append(name, fill(value)) }
        let body = fill(self.body)
        if !body.isEmpty, fields["Content-Type"] == nil, body.hasPrefix("<") {
            fields["Content-Type"] = "application/xml; charset=utf-8"
        }
        return Request(
            method: Method(parts.first ?? "GET"), target: parts.count > 1 ? fill(parts[1]) : "/",
            fields: fields,
            remoteUser: self.fields.first { $0.name == "REMOTE_USER" }?.value,
            body: RequestBody(Array(body.utf8)))
    }

    /// What an answer lacks or has otherwise.
    func differences(from answer: Answer, captures: inout [String: String]) -> [String] {
        var problems: [String] = []
        if !start.hasPrefix(String(answer.status.code)) {
            problems.append("status: promised \(start), got \(answer.status)")
        }
        for (name, value) in fields {
            let actual = answer.fields[name]
            if value == "{none}" {
                if let actual { problems.append("\(name): promised none, got \(actual)") }
            } else if !Pattern.matches(value, actual ?? "", &captures) || actual == nil {
                problems.append("\(name): promised \(value), got \(actual ?? "none")")
            }
        }
        if body.trimmingCharacters(in: .whitespacesAndNewlines) == "{nothing}" {
            if !answer.bytes.isEmpty { problems.append("body: promised none") }
        } else if body.hasPrefix("<") {
            problems += XMLPattern.differences(promised: body, actual: answer.bytes, captures: &captures)
        } else if body.hasPrefix("[") {
            // JSON, whose braces are no patterns.
            let promised = body.trimmingCharacters(in: .newlines)
            if answer.text != promised { problems.append("body: promised\n\(promised)") }
        } else if !body.isEmpty {
            let promised = body.replacingOccurrences(of: "\r\n", with: "\n")
            let actual = answer.text.replacingOccurrences(of: "\r\n", with: "\n")
            if !Pattern.matches(promised, actual, &captures) {
                problems.append("body: promised\n\(promised)")
            }
        }
        return problems
    }
}
