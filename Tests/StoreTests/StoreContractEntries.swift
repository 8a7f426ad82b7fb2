import Store
import TestSupport
import Testing

@Suite("What every store promises of the entries of its history") struct StoreContractEntries {
    private func collection(_ kind: StoreUnderTest) throws -> (any ItemCollection, TemporaryFolder) {
        let (store, folder) = try kind.make()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        return (try store.collection(at: path("work")), folder)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an entry is told before it is there, and is there afterwards`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        var told: [(id: EntryID, wasThere: Bool)] = []
        for text in ["one", "two"] {
            _ = try work.update(by: ana) { _ in
                var plan = UpdatePlan(writes: [(name("a"), Array(text.utf8))], message: "A")
                plan.beforeEntry = { (id) throws(StoreError) in told.append((id, try work.hasEntry(id))) }
                return plan
            }
        }
        #expect(told.map(\.wasThere) == [false, false])
        #expect(Set(told.map(\.id)).count == 2)
        for entry in told { #expect(try work.hasEntry(entry.id)) }
        #expect(try !work.hasEntry(EntryID(String(repeating: "0", count: 40))))
        #expect(try !work.hasEntry(EntryID("no entry")))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `what is thrown before an entry ends the change`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let before = try work.write("one", to: "a")
        var id: EntryID?
        #expect(throws: StoreError.full) {
            try work.update(by: ana) { _ in
                var plan = UpdatePlan(writes: [(name("a"), Array("two".utf8))], message: "A")
                plan.beforeEntry = { (entry) throws(StoreError) in
                    id = entry
                    throw .full
                }
                return plan
            }
        }
        #expect(try work.snapshot().version == before.version)
        #expect(try !work.hasEntry(#require(id)))
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a plan that changes no byte has no entry`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        _ = try work.write("one", to: "a")
        var calls = 0
        _ = try work.update(by: ana) { _ in
            var plan = UpdatePlan(writes: [(name("a"), Array("one".utf8))], message: "A")
            plan.beforeEntry = { _ in calls += 1 }
            return plan
        }
        #expect(calls == 0)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the history is told from the newest entry back, in pages`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        var versions: [CollectionVersion] = []
        for text in ["one", "two", "three"] { versions.append(try work.write(text, to: "a").version) }
        let all = try #require(try work.history(from: nil, limit: 3))
        #expect(all.map(\.version) == versions.reversed())
        #expect(all.allSatisfy { $0.author == ana.name && !$0.message.contains("Requester") })
        #expect(try work.history(from: nil, limit: 1) == [all[0]])
        #expect(try work.history(from: all[1].id, limit: 2) == [all[1], all[2]])
        for entry in all { #expect(try work.hasEntry(entry.id)) }
        #expect(try work.history(from: EntryID(String(repeating: "0", count: 40)), limit: 1) == nil)
        #expect(try work.history(from: EntryID("no entry"), limit: 1) == nil)
    }
}
