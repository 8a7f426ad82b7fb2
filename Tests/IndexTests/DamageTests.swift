import Foundation
import Index
import Store
import TestSupport
import Testing

@testable import IndexWriter

@Suite("An index somebody damages") struct DamageTests {
    let folder: TemporaryFolder
    let index: TestIndex
    let file: String

    init() throws {
        folder = try TemporaryFolder()
        index = TestIndex(folder)
        file = index.directory + "/records"
        for start in stride(from: 0, to: 2000, by: 100) {
            index.records.store(Samples.format, Samples.records(start..<start + 100))
        }
    }

    private func open(_ change: (FileHandle) throws -> Void) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: file))
        try change(handle)
        try handle.close()
    }

    /// Uses the index as it is, by a process that has it open and by one that opens it, and expects it usable after.
    private func useAndExpectRecovery(_ what: Comment) {
        for user in [index, TestIndex(folder), index] {
            _ = user.found(0..<2000)
            user.records.store(Samples.format, Samples.records(2000..<2020))
        }
        // What nobody has touched yet is met by one store, and gone for the next.
        for _ in 0..<2 { index.records.store(Samples.format, Samples.records(0..<2000)) }
        #expect(index.found(0..<2000) == 2000, what)
    }

    @Test(arguments: [0, 1, 100, 4096, 8192, 12_288, 20_000, 100_000, 400_000])
    func `cut short`(bytes: UInt64) throws {
        try open { try $0.truncate(atOffset: bytes) }
        useAndExpectRecovery("cut to \(bytes)")
    }

    @Test(arguments: [0x00, 0xff, 0x0a] as [UInt8])
    func `each page overwritten with one byte in turn`(byte: UInt8) throws {
        for page in stride(from: 0, to: 48, by: 5) {
            try open {
                try $0.seek(toOffset: UInt64(page) * 4096)
                try $0.write(contentsOf: Data(repeating: byte, count: 4096))
            }
            useAndExpectRecovery("page \(page)")
        }
    }

    @Test func `each page overwritten with noise in turn`() throws {
        var noise = SystemRandomNumberGenerator()
        for page in 0..<30 {
            let size = [1, 16, 64, 4096, 20_000][page % 5]
            try open {
                try $0.seek(toOffset: UInt64(page * 3 / 2 * 4096 + Int.random(in: 0...32)))
                try $0.write(
                    contentsOf: Data((0..<size).map { _ in UInt8.random(in: 0...255, using: &noise) }))
            }
            useAndExpectRecovery("page \(page * 3 / 2), \(size) bytes")
        }
    }

    @Test func `one bit of a record changed is noticed`() throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let record = Data(Samples.record(1234))
        var start = 0
        // Pages no longer in use have it too.
        while let range = bytes.range(of: record, in: start..<bytes.count) {
            start = range.upperBound
            try open {
                try $0.seek(toOffset: UInt64(range.lowerBound + 50))
                try $0.write(contentsOf: Data([record[50] ^ 4]))
            }
        }
        #expect(start > 0)
        #expect(index.records.record(Samples.format, Samples.version(1234)) == nil)
        #expect(index.log.lines.count == 1)
        #expect(index.found(0..<2000) == 0)
    }

    @Test func `replaced by something else`() throws {
        try FileManager.default.removeItem(atPath: file)
        try folder.write("not a database", to: "own/index/records")
        useAndExpectRecovery("text")
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "/etc/passwd")
        useAndExpectRecovery("link")
    }

    @Test func `removed, alone and with its directory`() throws {
        for path in [file, index.directory + "/gate", index.directory, folder.path("own")] {
            try FileManager.default.removeItem(atPath: path)
            useAndExpectRecovery("without \(path)")
        }
    }

    @Test func `a copied directory is begun again`() throws {
        #expect(TestIndex(folder).found(0..<2000) == 2000)
        let copy = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.path("own"), toPath: copy.path("own"))
        #expect(TestIndex(copy).found(0..<2000) == 0)
    }

    @Test func `data of another boot is begun again`() throws {
        let gate = try folder.read("own/index/gate")
        let boot = try #require(gate.split(separator: " ").last)
        try folder.write(gate.replacing(boot, with: String(boot.reversed())), to: "own/index/gate")
        #expect(TestIndex(folder).found(0..<2000) == 0)
    }

    @Test func `without a place it has no records and says so once`() throws {
        try folder.write("", to: "file")
        for path in [folder.path("file/index"), "/proc/nowhere/index", folder.path("no/where/at/all")] {
            let log = TestIndex.Log()
            let index = RecordIndex(
                directory: path, options: RecordIndexOptions(pause: .zero) { log.lines.append($0) })
            for _ in 0..<3 {
                index.store(Samples.format, Samples.records(0..<3))
                #expect(index.record(Samples.format, Samples.version(0)) == nil)
            }
            #expect(log.lines.count == 1, "\(path)")
        }
    }

    @Test func `after damage it is left alone for a while`() throws {
        let patient = TestIndex(folder, pause: .seconds(3600))
        // So few that the file stays open.
        #expect(patient.found(0..<10) == 10)
        try open { try $0.truncate(atOffset: 0) }
        #expect(patient.found(0..<2000) == 0)
        patient.records.store(Samples.format, Samples.records(0..<2000))
        #expect(patient.found(0..<2000) == 0)
        #expect(patient.log.lines.count == 1)
    }
}
