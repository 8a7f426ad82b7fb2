import Foundation
import Index
import Store
import TestSupport
import Testing

@testable import IndexWriter

@Suite("An index used by several processes") struct SeveralProcessesTests {
    let folder: TemporaryFolder
    let directory: String

    init() throws {
        folder = try TemporaryFolder()
        directory = folder.path("own/index")
    }

    /// Starts the program `IndexWriter`, built beside the tests.
    private func start(rounds: Int, seed: Int) throws -> (process: Process, output: Pipe) {
        let process = Process()
        let tests = Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
        let products = tests?.deletingLastPathComponent() ?? Bundle.main.bundleURL
        process.executableURL = products.appendingPathComponent("IndexWriter")
        process.arguments = [directory, String(rounds), "1000", String(seed)]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        return (process, output)
    }

    /// What the process found and how many of it was wrong; an issue unless it ended well.
    private func finish(_ started: (process: Process, output: Pipe)) throws -> (found: Int, wrong: Int) {
        let text = String(
            decoding: try started.output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        started.process.waitUntilExit()
        #expect(
            started.process.terminationReason == .exit && started.process.terminationStatus == 0, "\(text)")
        let line = try #require(text.split(separator: "\n").last?.split(separator: " "), "\(text)")
        return (try #require(Int(line[1])), try #require(Int(line[3])))
    }

    @Test func `they all see what one stores, and nothing wrong`() throws {
        let started = try (1...4).map { try start(rounds: 40, seed: $0) }
        for process in started {
            let result = try finish(process)
            #expect(result.wrong == 0)
            #expect(result.found > 1000)
        }
        let index = TestIndex(folder)
        #expect(index.found(0..<1000) > 500)
        #expect(index.log.lines.isEmpty)
    }

    @Test func `a killed process leaves it usable`() throws {
        let reader = try start(rounds: 40, seed: 1)
        for seed in 2..<12 {
            let victim = try start(rounds: 1_000_000, seed: seed)
            usleep(UInt32.random(in: 50_000...250_000))
            kill(victim.process.processIdentifier, SIGKILL)
            victim.process.waitUntilExit()
        }
        #expect(try finish(reader).wrong == 0)
        let index = TestIndex(folder)
        index.records.store(Samples.format, Samples.records(0..<1000))
        #expect(index.found(0..<1000) == 1000)
        #expect(index.log.lines.isEmpty)
    }

    @Test func `a stopped process holds nobody up`() throws {
        let index = TestIndex(folder)
        index.records.store(Samples.format, Samples.records(0..<1000))
        for seed in 0..<5 {
            let stopped = try start(rounds: 1_000_000, seed: seed)
            usleep(200_000)
            kill(stopped.process.processIdentifier, SIGSTOP)
            let begin = ContinuousClock.now
            #expect(index.found(0..<1000) == 1000)
            index.records.store(Samples.format, Samples.records(1000..<1001))
            #expect(ContinuousClock.now - begin < .seconds(10))
            kill(stopped.process.processIdentifier, SIGKILL)
            stopped.process.waitUntilExit()
        }
    }

    @Test func `removing and damaging it under load harms nothing`() throws {
        let started = try (1...3).map { try start(rounds: 80, seed: $0) }
        var round = 0
        while started.contains(where: { $0.process.isRunning }) && round < 5000 {
            round += 1
            usleep(2000)
            let file = directory + "/records"
            switch round % 5 {
            case 0: unsafe unlink(file)
            case 1: unsafe truncate(file, off_t(Int.random(in: 0...300_000)))
            case 2: unsafe unlink(directory + "/gate")
            case 3: removeDirectory()
            default:
                let handle = FileHandle(forUpdatingAtPath: file)
                try handle?.seek(toOffset: UInt64(4096 * Int.random(in: 0...60)))
                try handle?.write(contentsOf: Data((0..<4096).map { _ in UInt8.random(in: 0...255) }))
            }
        }
        for process in started { #expect(try finish(process).wrong == 0) }
        let index = TestIndex(folder)
        index.records.store(Samples.format, Samples.records(0..<1000))
        #expect(index.found(0..<1000) == 1000)
    }

    /// Removes what is there; that others make files meanwhile is the point.
    private func removeDirectory() {
        for name in ["records", "gate"] { unsafe unlink(directory + "/" + name) }
        unsafe rmdir(directory)
    }
}
