import Foundation
import Testing
import WireTestSupport

@Suite("A pool of workers") struct SupervisorTests {
    @Test(arguments: Wire.allCases) func `it serves, and ends without a trace`(wire: Wire) throws {
        let pool = try Pool(wire, workers: 3)
        #expect(pool.isReady(3))
        let workers = pool.program.children
        #expect(workers.count == 3)
        #expect(try pool.exchange("GET", "/x").isWhole)
        pool.program.signal(SIGTERM)
        #expect(pool.program.ending() == 0)
        #expect(Pool.areGone(workers))
        #expect(!FileManager.default.fileExists(atPath: pool.path))
    }

    @Test func `maintenance runs beside the workers, comes back when killed, and ends with them`() throws {
        let folder = try WireFolder()
        let data = folder.path("data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let pool = try Pool(folder: folder, workers: 1, directory: data, maintenance: true)
        #expect(pool.isReady(1))
        #expect(pool.logs("maintenance"))
        let signal = data + "/.artemisios/changed"
        #expect(waitUntil { FileManager.default.fileExists(atPath: signal) })
        let first = try #require(maintenance(of: pool))
        kill(first, SIGKILL)
        #expect(waitUntil { maintenance(of: pool).map { $0 != first } ?? false })
        #expect(try pool.exchange("GET", "/x").isWhole)
        let second = try #require(maintenance(of: pool))
        // Whatever ends the supervisor ends it.
        kill(pool.program.pid, SIGKILL)
        #expect(Pool.areGone([second]))
    }

    private func maintenance(of pool: Pool) -> Int32? {
        pool.program.children.first { pid in
            (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8))?.contains("maintain")
                ?? false
        }
    }

    @Test func `Ctrl-C, which all processes get at once, ends all of them`() throws {
        let pool = try Pool(workers: 3)
        #expect(pool.isReady(3))
        let workers = pool.program.children
        for pid in workers + [pool.program.pid] { kill(pid, SIGINT) }
        #expect(pool.program.ending() == 0)
        #expect(Pool.areGone(workers))
    }

    @Test func `a worker that is killed is replaced, and the others go on`() throws {
        let pool = try Pool(workers: 2)
        #expect(pool.isReady(2))
        let old = pool.program.children
        kill(old[0], SIGKILL)
        // Until it is gone it may still take a connection along, as it would a request in hand.
        #expect(Pool.areGone([old[0]]))
        for _ in 0..<20 { #expect(try pool.answering() != old[0]) }
        #expect(pool.isReady(3))
        #expect(pool.program.children.count == 2)
        #expect(!pool.program.children.contains(old[0]))
        #expect(pool.program.children.contains(old[1]))
    }

    @Test func `a worker that crashes in a request costs that request`() throws {
        let pool = try Pool(workers: 2)
        #expect(pool.isReady(2))
        let client = try WireClient(pool.path)
        client.send(Wire.fastcgi.request(Wire.variables("GET", "/crash")))
        #expect(client.receiveAll().bytes.isEmpty)
        for _ in 0..<10 { #expect(try pool.exchange("GET", "/x").isWhole) }
        #expect(pool.isReady(3))
        #expect(pool.lines("was killed by signal 6") == 1)
    }

    @Test func `workers are recycled, and no request is lost by it`() throws {
        let pool = try Pool(workers: 2, "--max-requests-per-worker", "3")
        var seen: Set<Int32> = []
        #expect(pool.isReady(1))
        for _ in 0..<30 { if let pid = try pool.answering() { seen.insert(pid) } }
        #expect(seen.count >= 10)
        #expect(waitUntil { pool.lines("a fresh one is started") >= 9 })
        #expect(pool.lines("in 100 ms") == 0)
    }

    @Test func `workers that keep crashing are started less and less often`() throws {
        let pool = try Pool(workers: 1, directory: "/crash")
        #expect(pool.logs("in 400 ms"))
        #expect(pool.lines("started now") == 1)
        pool.program.signal(SIGTERM)
        #expect(pool.program.ending() == 0)
    }

    @Test func `workers that refuse their arguments end it at once, with their code`() throws {
        let pool = try Pool(workers: 2, directory: "/refuse")
        #expect(pool.program.ending() == 64)
        #expect(pool.lines("refuses its configuration") == 1)
        #expect(!FileManager.default.fileExists(atPath: pool.path))
    }

    @Test func `a request in hand is finished before it ends`() throws {
        let pool = try Pool(workers: 2)
        #expect(pool.isReady(2))
        let client = try pool.begin("/sleep/700000", workers: pool.program.children)
        pool.program.signal(SIGTERM)
        let (bytes, end) = client.receiveAll()
        #expect(try Wire.fastcgi.answer(bytes, end).isWhole)
        #expect(pool.program.ending() == 0)
    }

    @Test func `what does not end in time is killed`() throws {
        let pool = try Pool(workers: 1, "--grace", "1")
        #expect(pool.isReady(1))
        let workers = pool.program.children
        let client = try pool.begin("/spin", workers: workers)
        defer { client.close() }
        pool.program.signal(SIGTERM)
        #expect(pool.program.ending() == 0)
        #expect(pool.lines("does not end; it is killed") == 1)
        #expect(Pool.areGone(workers))
    }

    @Test func `when it is killed, its workers end too`() throws {
        let pool = try Pool(workers: 2)
        #expect(pool.isReady(2))
        let workers = pool.program.children
        #expect(workers.count == 2)
        pool.program.signal(SIGKILL)
        #expect(Pool.areGone(workers))
    }

    @Test func `SIGHUP replaces all workers, and no request is lost by it`() throws {
        let pool = try Pool(workers: 2)
        #expect(pool.isReady(2))
        let old = pool.program.children
        let client = try pool.begin("/sleep/500000", workers: old)
        pool.program.signal(SIGHUP)
        var answered = 0
        while pool.lines("all workers are replaced") == 0, answered < 20_000 {
            #expect(try pool.exchange("GET", "/x").isWhole)
            answered += 1
        }
        let (bytes, end) = client.receiveAll()
        #expect(try Wire.fastcgi.answer(bytes, end).isWhole)
        #expect(answered > 0)
        #expect(Pool.areGone(old))
        #expect(pool.program.children.count == 2)
        #expect(Set(pool.program.children).isDisjoint(with: old))
    }

    @Test func `a new version that does not start takes nothing away`() throws {
        let folder = try WireFolder()
        let worker = folder.path("worker")
        try FileManager.default.createSymbolicLink(
            atPath: worker, withDestinationPath: RunningProgram.path("EchoWorker"))
        let pool = try Pool(folder: folder, workers: 2, "--worker", worker)
        #expect(pool.isReady(2))
        let old = pool.program.children
        try FileManager.default.removeItem(atPath: worker)
        try FileManager.default.createSymbolicLink(atPath: worker, withDestinationPath: "/bin/false")
        pool.program.signal(SIGHUP)
        #expect(pool.logs("the workers that run stay"))
        #expect(waitUntil { pool.program.children.sorted() == old.sorted() })
        #expect(try pool.exchange("GET", "/x").isWhole)
    }
}
