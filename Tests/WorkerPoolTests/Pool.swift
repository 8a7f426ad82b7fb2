import Foundation
import WireTestSupport

/// `artemisios serve` with workers that echo.
final class Pool {
    let folder: WireFolder
    let program: RunningProgram
    let path: String
    let wire: Wire

    init(
        _ wire: Wire = .fastcgi, folder: WireFolder? = nil, workers: Int = 2, directory: String = "/",
        maintenance: Bool = false, environment: [String: String] = [:], _ arguments: String...
    ) throws {
        self.wire = wire
        let folder = try folder ?? WireFolder()
        self.folder = folder
        path = folder.path("socket")
        program = try RunningProgram(
            "artemisios",
            [
                "serve", "--directory", directory, "--listen", "unix:\(path)", "--protocol", wire.rawValue,
                "--worker", RunningProgram.path("EchoWorker"), "--workers", String(workers),
            ] + (maintenance ? [] : ["--no-maintenance"]) + arguments, environment: environment,
            folder: folder)
    }

    /// Waits until as many workers as asked for are ready.
    func isReady(_ count: Int) -> Bool { waitUntil { self.readyWorkers >= count } }

    /// How often the log says that a worker is ready.
    var readyWorkers: Int { lines(" is ready") }

    /// How many lines of the log hold `text`.
    func lines(_ text: String) -> Int {
        program.log.split(separator: "\n").count { $0.contains(text) }
    }

    func logs(_ text: String) -> Bool { waitUntil { self.lines(text) > 0 } }

    func exchange(_ method: String, _ target: String, body: [UInt8] = []) throws -> Answer {
        try wire.exchange(path, method, target, body: body)
    }

    /// The process that answers next.
    func answering() throws -> Int32? { Int32(try exchange("GET", "/pid").text) }

    /// Sends a request that takes its time, and waits until one of `workers` has it in hand.
    func begin(_ target: String, workers: [Int32]) throws -> WireClient {
        func connections() -> Int { workers.reduce(0) { $0 + openSockets(of: $1) } }
        let idle = connections()
        let client = try WireClient(path)
        client.send(wire.request(Wire.variables("GET", target)))
        guard waitUntil({ connections() > idle }) else { throw WireFailure("no worker takes \(target)") }
        return client
    }

    /// Waits until all of these processes have ended.
    static func areGone(_ pids: [Int32]) -> Bool { waitUntil { pids.allSatisfy(hasEnded) } }
}
