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
}
