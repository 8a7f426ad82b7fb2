import Foundation
public import HTTP
import Server
import Testing
import WebDAV

/// A server with a data root of its own, gone with it.
public final class TestServer {
    /// Where requests go.
    public enum Kind: Sendable {
        /// Into the dispatcher, without a web server.
        case inProcess
    }

    /// The data root.
    public let folder: String
    private let configuration: Configuration
    private let responder: any Responder
    /// The server that was there before, to which the folder belongs.
    private let predecessor: TestServer?

    /// Starts a server: one principal `/user/` with default collections, or one for each user.
    public init(
        _ kind: Kind = .inProcess, multiUser: Bool = false, routePrefix: String? = nil,
        worktree: Bool = false,
        hidePrincipals: Bool = false, quotaBytes: Int? = nil, arguments: [String] = []
    ) throws {
        folder = NSTemporaryDirectory() + "artemisios-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var configuration = try Configuration(arguments: ["--directory=\(folder)"] + arguments)
        configuration.defaults = !multiUser
        configuration.multiUser = multiUser
        configuration.routePrefix = routePrefix
        configuration.worktree = worktree
        configuration.hidePrincipals = hidePrincipals
        configuration.noFsync = true
        configuration.quotaBytes = quotaBytes
        self.configuration = configuration
        predecessor = nil
        responder = try Dispatcher(configuration, log: AccessLog(.text))
    }

    private init(after predecessor: TestServer) throws {
        self.folder = predecessor.folder
        self.configuration = predecessor.configuration
        self.predecessor = predecessor
        self.responder = try Dispatcher(configuration, log: AccessLog(.text))
    }

    /// Another server on the same data root, as another worker or after a restart.
    public func restarted() throws -> TestServer { try TestServer(after: self) }

    deinit {
        guard predecessor == nil else { return }
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Sends a request and takes the whole answer.
    public func send(_ request: Request) -> Answer {
        Answer(responder.respond(to: request))
    }

    /// Sends a request made of its parts.
    @discardableResult
    public func send(
        _ method: String, _ target: String, user: String? = nil, fields: Fields = [:], body: String = ""
    ) -> Answer {
        send(
            Request(
                method: Method(method), target: target, fields: fields, remoteUser: user,
                body: RequestBody(Array(body.utf8))))
    }
}

/// A whole answer.
public struct Answer {
    /// The status.
    public let status: Status
    /// The fields.
    public let fields: Fields
    /// The body.
    public let bytes: [UInt8]

    /// The body as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes all of a response.
    public init(_ response: Response) {
        status = response.status
        fields = response.fields
        switch response.body {
        case .none: bytes = []
        case .bytes(let all): bytes = all
        case .stream(let write):
            let sink = Gatherer()
            do {
                try write(sink)
            } catch {
                Issue.record("the body ended early: \(error)")
            }
            bytes = sink.bytes
        }
    }

    private final class Gatherer: ByteSink {
        var bytes: [UInt8] = []
        func write(_ piece: [UInt8]) { bytes += piece }
    }
}
