import Foundation
import WireTestSupport

/// A worker alone, on a socket of its own as its descriptor 0, as spawn-fcgi would start it.
final class EchoWorker {
    let folder: WireFolder
    let program: RunningProgram
    let path: String
    let wire: Wire

    init(_ wire: Wire, _ arguments: String...) throws {
        self.wire = wire
        folder = try WireFolder()
        path = folder.path("socket")
        let socket = try listeningSocket(path)
        defer { close(socket) }
        program = try RunningProgram(
            "EchoWorker", ["--protocol=\(wire.rawValue)"] + arguments, socket: socket, folder: folder)
    }

    func exchange(
        _ method: String, _ target: String, _ more: [(String, String)] = [], body: [UInt8] = [],
        announced: Int? = nil
    ) throws -> Answer {
        try wire.exchange(path, method, target, more, body: body, announced: announced)
    }

    func connect() throws -> WireClient { try WireClient(path) }

    /// Waits for a line of the log.
    func logs(_ text: String) -> Bool { waitUntil { self.program.log.contains(text) } }
}

/// Bytes without a pattern, always the same ones.
func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x9E37_79B9
    return (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 33)
    }
}

/// What the echo says of these bytes.
func sum(_ bytes: [UInt8]) -> String { String(bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }) }
