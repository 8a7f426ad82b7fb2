import Index
import Store
import Testing
import TestSupport

@testable import IndexWriter

@Suite("Index of records") struct RecordIndexTests {
    let folder: TemporaryFolder
    let index: TestIndex

    init() throws {
        folder = try TemporaryFolder()
        index = TestIndex(folder)
    }

    @Test func `what is stored is found, also by a process that starts later`() {
        index.records.store(Samples.format, Samples.records(0..<1000))
        #expect(index.found(0..<1000) == 1000)
        #expect(TestIndex(folder).found(0..<1200) == 1000)
        #expect(index.records.size()?.records == 1000)
        #expect(index.log.lines.isEmpty)
    }

    @Test func `versions of any kind are told from each other`() {
        let texts = [
            "1", "", "01", "ABCDEF0123456789ABCDEF0123456789ABCDEF01",
            "abcdef0123456789abcdef0123456789abcdef01", "abcdef0123456789abcdef0123456789abcdef0g",
            String(repeating: "0", count: 40), String(repeating: "0", count: 64),
            String(repeating: "v", count: 500),
        ]
        let records = texts.enumerated().map { (ItemVersion($1), [UInt8($0)]) }
        index.records.store(Samples.format, records)
        for (version, record) in records { #expect(index.records.record(Samples.format, version) == record) }
        let long = ItemVersion(String(repeating: "v", count: 501))
        index.records.store(Samples.format, [(long, [1])])
        #expect(index.records.record(Samples.format, long) == nil)
    }

    @Test func `kinds and versions of records do not meet`() {
        let version = Samples.version(0)
        let formats = [(1, 1), (1, 2), (2, 1)].map { RecordFormat(kind: $0, version: $1) }
        for (number, format) in formats.enumerated() {
            index.records.store(format, [(version, [UInt8(number)])])
        }
        for (number, format) in formats.enumerated() {
            #expect(index.records.record(format, version) == [UInt8(number)])
        }
        #expect(index.records.record(RecordFormat(kind: 2, version: 2), version) == nil)
    }

    @Test func `records of every size come back, but none over the limit`() {
        for size in [0, 1, 7, 8, 4000, 4096, 70_000, 1 << 18] {
            let record = [UInt8](repeating: 5, count: size)
            index.records.store(Samples.format, [(Samples.version(size), record)])
            #expect(index.records.record(Samples.format, Samples.version(size)) == record)
        }
        let tooLong = [UInt8](repeating: 5, count: (1 << 18) + 1)
        index.records.store(Samples.format, [(Samples.version(99), tooLong)])
        #expect(index.records.record(Samples.format, Samples.version(99)) == nil)
        #expect(index.log.lines.isEmpty)
    }

    @Test func `a record that is kept by the caller stays what it is`() {
        index.records.store(Samples.format, Samples.records(0..<10))
        var kept: [ArraySlice<UInt8>] = []
        index.records.records(Samples.format, (0..<10).map(Samples.version)) { kept.append($1 ?? []) }
        #expect(kept.map { Array($0) } == (0..<10).map(Samples.record))
    }

    @Test func `the index may be used while it is read`() {
        index.records.store(Samples.format, Samples.records(0..<300))
        var number = 0
        index.records.records(Samples.format, (0..<300).map(Samples.version)) { _, record in
            #expect(record.map { Array($0) } == Samples.record(number))
            number += 1
            index.records.store(Samples.format, Samples.records(number * 300..<number * 300 + 50))
            #expect(index.records.record(Samples.format, Samples.version(number * 300)) != nil)
        }
        #expect(number == 300)
        #expect(index.log.lines.isEmpty)
    }

    @Test func `a full index is begun again`() throws {
        let small = TestIndex(folder, maxBytes: 1 << 20)
        for start in stride(from: 0, to: 20_000, by: 100) {
            small.records.store(Samples.format, Samples.records(start..<start + 100))
        }
        // The last one may have been the one that did not fit.
        small.records.store(Samples.format, Samples.records(0..<10))
        let size = try #require(small.records.size())
        #expect(size.bytes <= 1 << 20)
        #expect(size.records > 0 && size.records < 5000)
        #expect(small.found(0..<20_000) == size.records)
        #expect(small.log.lines.allSatisfy { $0.contains("bound") } && !small.log.lines.isEmpty)
    }

    @Test func `discard empties it for everybody`() {
        let other = TestIndex(folder)
        index.records.store(Samples.format, Samples.records(0..<10))
        #expect(other.found(0..<10) == 10)
        index.records.discard()
        #expect(other.found(0..<10) == 0)
        other.records.store(Samples.format, Samples.records(0..<5))
        #expect(index.found(0..<10) == 5)
    }
}
