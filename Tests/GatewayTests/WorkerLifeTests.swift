import Foundation
import Testing
import WireTestSupport

@Suite("Life of a worker") struct WorkerLifeTests {
    @Test(arguments: Wire.allCases, [SIGTERM, SIGINT]) func `an idle worker ends at once when told`(
        wire: Wire, signal: Int32
    ) throws {
        let worker = try EchoWorker(wire)
        #expect(try worker.exchange("GET", "/x").isWhole)
        worker.program.signal(signal)
        #expect(worker.program.ending() == 0)
    }

    @Test(arguments: Wire.allCases) func `a request in hand is finished before the worker ends`(wire: Wire)
        throws
    {
        let worker = try EchoWorker(wire)
        #expect(try worker.exchange("GET", "/x").isWhole)
        let idle = openSockets(of: worker.program.pid)
        let client = try worker.connect()
        let whole = wire.request(Wire.variables("PUT", "/x"), body: noise(1000), announced: 1000)
        // The worker waits for the rest of the body when the signal comes.
        client.send(Array(whole[..<(whole.count - 100)]))
        #expect(waitUntil { openSockets(of: worker.program.pid) == idle + 1 })
        worker.program.signal(SIGTERM)
        usleep(50_000)
        #expect(worker.program.isRunning)
        client.send(Array(whole[(whole.count - 100)...]))
        let (bytes, end) = client.receiveAll()
        let answer = try wire.answer(bytes, end)
        #expect(answer.isWhole)
        #expect(answer.said("bytes") == "1000")
        #expect(worker.program.ending() == 0)
    }

    @Test func `a worker ends after its number of requests`() throws {
        let worker = try EchoWorker(.fastcgi, "--max-requests-per-worker=3")
        for _ in 0..<3 { #expect(try worker.exchange("GET", "/x").isWhole) }
        #expect(worker.program.ending() == 0)
    }

    @Test(arguments: Wire.allCases)
    func `a request without progress ends the worker, and the log tells which`(
        wire: Wire
    ) throws {
        let worker = try EchoWorker(wire, "--request-timeout=1")
        let client = try worker.connect()
        client.send(wire.request(Wire.variables("GET", "/spin"), announced: 0))
        #expect(client.receiveAll().bytes.isEmpty)
        #expect(worker.program.ending() == 256 + SIGALRM)
        #expect(worker.program.log.contains("stalled /spin"))
    }

    @Test func `time runs out for one request, not for all`() throws {
        let worker = try EchoWorker(.scgi, "--request-timeout=3")
        for _ in 0..<4 { #expect(try worker.exchange("GET", "/sleep/800000").isWhole) }
        #expect(worker.program.isRunning)
    }

    @Test func `a descriptor 0 that does not listen is refused`() throws {
        let folder = try WireFolder()
        let program = try RunningProgram("EchoWorker", [], folder: folder)
        let ending = try #require(program.ending())
        #expect(ending != 0)
        #expect(program.log.contains("is not a listening socket"))
    }
}
