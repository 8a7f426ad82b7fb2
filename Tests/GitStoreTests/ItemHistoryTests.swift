import GitStore
import Store
import TestSupport
import Testing

@Suite("When items were made and changed") struct ItemHistoryTests {
    private final class Clock {
        var now: Int64 = 100
    }

    private func store(_ folder: TemporaryFolder, _ clock: Clock) throws -> GitCollectionStore {
        try GitCollectionStore(
            root: folder.path, options: GitStoreOptions(fsync: false, clock: { clock.now }))
    }

    @Test func `the history tells, also to a process that sees it first`() throws {
        let (folder, clock) = (try TemporaryFolder(), Clock())
        let first = try store(folder, clock)
        let author = Author(name: "Ana", email: "ana@example.org")
        let path = StorePath([try #require(ItemName("work"))])
        let (a, b) = (try #require(ItemName("a")), try #require(ItemName("b")))
        try first.makeCollection(at: path, metadata: [.type: "calendar"], by: author)
        let work = try first.collection(at: path)
        #expect(try work.itemTimes(for: nil, in: work.snapshot()).isEmpty)
        func change(_ plan: UpdatePlan) throws {
            clock.now += 100
            _ = try work.update(by: author) { _ in plan }
        }
        try change(UpdatePlan(writes: [(a, [1]), (b, [1])], message: "Both"))
        #expect(try work.itemTimes(for: a, in: work.snapshot())[a] == ItemTimes(created: 200, modified: 200))
        try change(UpdatePlan(writes: [(a, [2])], message: "One"))
        try change(UpdatePlan(properties: [(a, [3])], message: "Properties"))
        try change(UpdatePlan(deletions: [b], message: "Away"))
        #expect(try work.itemTimes(for: nil, in: work.snapshot())[b] == nil)
        try change(UpdatePlan(writes: [(b, [1])], message: "Again"))
        let promised: ItemTimesTable = [
            a: ItemTimes(created: 200, modified: 300), b: ItemTimes(created: 600, modified: 600),
        ]
        #expect(try work.itemTimes(for: nil, in: work.snapshot()) == promised)
        let second = try store(folder, clock).collection(at: path)
        #expect(try second.itemTimes(for: nil, in: second.snapshot()) == promised)
        try change(UpdatePlan(writes: [(b, [2])], message: "Last"))
        #expect(
            try second.itemTimes(for: b, in: second.snapshot())[b] == ItemTimes(created: 600, modified: 700))
        #expect(try work.snapshot().usedBytes() == 2)
        #expect(try second.snapshot().usedBytes() == 2)
        try change(UpdatePlan(writes: [(b, [1, 2, 3])], message: "Longer"))
        #expect(try work.snapshot().usedBytes() == 4)
        #expect(try second.snapshot().usedBytes() == 4)
        #expect(try first.freeBytes() > 0)
    }
}
