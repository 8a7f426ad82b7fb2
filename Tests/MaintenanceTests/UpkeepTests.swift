import Foundation
import GitStore
import Maintenance
import Store
import TestSupport
import Testing

@Suite("Keeping a store small") struct UpkeepTests {
    let folder: TemporaryFolder
    let store: GitCollectionStore

    init() throws {
        folder = try TemporaryFolder()
        store = try GitCollectionStore(root: folder.path, options: GitStoreOptions(fsync: false))
    }

    private func path(_ text: String) throws -> StorePath {
        StorePath([try #require(ItemName(text))])
    }

    /// Makes a collection with one object, which is three in Git.
    private func make(_ name: String) throws -> any ItemCollection {
        try store.makeCollection(
            at: path(name), metadata: [:], by: Author(name: "Ana", email: "a@example.org"))
        let collection = try store.collection(at: path(name))
        try write(name, in: collection)
        return collection
    }

    private func write(_ text: String, in collection: any ItemCollection) throws {
        let item = try #require(ItemName("x"))
        _ = try collection.update(by: Author(name: "Ana", email: "a@example.org")) { _ in
            UpdatePlan(writes: [(item, Array(text.utf8))], message: "Write")
        }
    }

    @Test func `what is due is repacked, once`() throws {
        let small = try make("small")
        let large = try make("large")
        for number in 1...3 { try write("text \(number)", in: large) }
        let options = UpkeepOptions(policy: GrowthPolicy(maxLooseObjects: 10))
        let upkeep = try Upkeep(store, options: options) { Issue.record("\($0)") }
        let done = try upkeep.round()
        #expect(done.map(\.path) == [try path("large")])
        #expect(done.first?.before.looseObjects == 12)
        #expect(done.first?.after == (try store.growth(of: path("large"))))
        #expect(done.first?.after.looseObjects == 0)
        #expect(try upkeep.round().isEmpty)
        for number in 1...3 { try write("text \(number)", in: small) }
        #expect(try upkeep.round().map(\.path) == [path("small")])
        #expect(try store.growth(of: path("small")).packs == 1)
        #expect(!upkeep.hasFailures)
    }

    @Test func `a full round makes one pack of each`() throws {
        _ = try make("a")
        _ = try make("b")
        let upkeep = try Upkeep(store, options: UpkeepOptions()) { Issue.record("\($0)") }
        #expect(try upkeep.round(joiningAll: true).count == 2)
        #expect(try store.growth(of: path("a")).packs == 1)
    }

    @Test func `what cannot be repacked is told once, and tried again later`() throws {
        _ = try make("work")
        var lines: [String] = []
        // Nothing can be written where a file has the place of the directory.
        try FileManager.default.removeItem(atPath: folder.path("work/objects/pack"))
        try folder.write("", to: "work/objects/pack")
        let options = UpkeepOptions(policy: GrowthPolicy(maxLooseObjects: 1))
        let upkeep = try Upkeep(store, options: options) { lines.append($0) }
        #expect(try upkeep.round().isEmpty)
        #expect(lines.count == 1 && lines.first?.contains("/work") == true, "\(lines)")
        #expect(upkeep.hasFailures)
        #expect(try upkeep.round().isEmpty)
        #expect(lines.count == 1)
        #expect(try store.growth(of: path("work")).looseObjects == 3)
    }

    @Test func `a pack that writers add to is packed once they rest`() throws {
        let work = try make("work")
        let long = String(repeating: "x", count: 200)
        _ = try work.update(by: Author(name: "Ana", email: "a@example.org")) { _ in
            UpdatePlan(
                writes: (0..<400).compactMap { number in ItemName("\(long)-\(number)").map { ($0, [1]) } },
                message: "Many")
        }
        for number in 1...5 { try write("text \(number)", in: work) }
        let upkeep = try Upkeep(store, options: UpkeepOptions(policy: GrowthPolicy(maxLooseObjects: 1))) {
            Issue.record("\($0)")
        }
        // A pack of the many objects, and two that writers add to.
        #expect(try upkeep.round(isFull: false).count == 1)
        #expect(try store.growth(of: path("work"), leavingGrowing: true).hasGrowingPack)
        try write("more", in: work)
        try upkeep.round(isFull: true)
        #expect(try store.growth(of: path("work"), leavingGrowing: true).hasGrowingPack)
        let patient = try Upkeep(store, options: UpkeepOptions(policy: GrowthPolicy(maxSmallPacks: 3))) {
            Issue.record("\($0)")
        }
        #expect(try patient.round(isFull: false).isEmpty)
        #expect(try patient.round(isFull: true).count == 1)
        #expect(try store.growth(of: path("work")).packs == 1)
        #expect(try patient.round(isFull: true).isEmpty)
    }

    @Test func `one process maintains a store at a time`() throws {
        let other = try GitCollectionStore(root: folder.path)
        var right = try store.maintenanceRight()
        #expect(right != nil)
        #expect(try other.maintenanceRight() == nil)
        right = nil
        #expect(try other.maintenanceRight() != nil)
    }

    @Test(arguments: [
        (RepositoryGrowth(looseBytes: 1023 << 10), false), (RepositoryGrowth(looseBytes: 1 << 20), true),
        (RepositoryGrowth(looseBytes: 5 << 20, packBytes: 12 << 20), false),
        (RepositoryGrowth(looseBytes: 6 << 20, packBytes: 12 << 20), true),
        (RepositoryGrowth(looseBytes: 32 << 20, packBytes: 1 << 30), true),
        (RepositoryGrowth(looseObjects: 999), false), (RepositoryGrowth(looseObjects: 1000), true),
        (RepositoryGrowth(packs: 20), true),
        (RepositoryGrowth(packs: 2, smallPacks: 2), false), (RepositoryGrowth(packs: 3, smallPacks: 3), true),
    ])
    func `bytes count as well as numbers`(growth: RepositoryGrowth, isDue: Bool) {
        #expect(GrowthPolicy().isDue(growth) == isDue)
    }
}
