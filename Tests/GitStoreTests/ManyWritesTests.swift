import GitStore
import Store
import TestSupport
import Testing

@Suite("Many items in one change") struct ManyWritesTests {
    @Test(arguments: [true, false])
    func `many items are one commit and one pack`(_ fsync: Bool) throws {
        let workshop = try Workshop()
        workshop.options = GitStoreOptions(fsync: fsync, clock: { 1_700_000_000 })
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let collection = try store.collection(at: path("work"))
        let other = try workshop.collection("work")
        _ = try other.snapshot()
        var writes: [(name: ItemName, bytes: [UInt8])] = []
        for number in 0..<1000 {
            // Every tenth has the same bytes.
            let text = number % 10 == 0 ? "same" : "text \(number)"
            writes.append((try #require(ItemName("item-\(number)")), Array(text.utf8)))
        }
        let snapshot = try collection.update(by: ana) { _ in
            UpdatePlan(writes: writes, message: "Import 1000 objects")
        }
        #expect(snapshot.items.count == 1000)
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "1\n")
        let growth = try store.growth(of: path("work"))
        #expect(growth.packs == 1 && growth.looseObjects == 2)
        // By one who had the repository open before, and by a new one.
        for reader in [other, try workshop.collection("work")] {
            let seen = try reader.snapshot()
            for (name, bytes) in writes {
                let item = try #require(seen.item(named: name))
                #expect(try seen.bytes(of: item.version) == bytes)
            }
        }
        try workshop.expectSound("work")
        try collection.write("other", to: "item-1")
        try store.repack(path("work"), joiningAll: true)
        #expect(try store.growth(of: path("work")).packs == 1)
        try workshop.expectSound("work")
    }

    @Test func `who follows the changes hears of the same ones as who reads both trees`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let writer = try store.collection(at: path("work"))
        let follower = try workshop.collection("work")
        var random = SeededGenerator(seed: 11)
        func names(_ most: Int) throws -> [ItemName] {
            try (0..<Int.random(in: 0...most, using: &random)).map { _ in
                try #require(ItemName("item-\(Int.random(in: 0..<3000, using: &random))"))
            }
        }
        var before = try writer.snapshot().version
        for round in 0..<60 {
            // Now and then so many that they are not kept.
            let written = try names(round % 20 == 0 ? 2000 : 4)
            let deleted = try names(3).filter { !written.contains($0) }
            let after = try writer.update(by: ana) { _ in
                UpdatePlan(
                    writes: Set(written).map { ($0, Array("\(round)".utf8)) }, deletions: deleted,
                    message: "Round \(round)")
            }
            let fresh = try workshop.collection("work")
            let expected = try fresh.changes(from: before, to: fresh.snapshot())
            #expect(try writer.changes(from: before, to: after) == expected)
            if round % 3 != 0 { continue }
            #expect(try follower.changes(from: before, to: follower.snapshot()) == expected)
            before = after.version
        }
    }
}
