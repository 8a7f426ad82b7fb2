import Store
import TestSupport
import Testing

@Suite("What every store promises of items and versions") struct StoreContractItems {
    private func collection(_ kind: StoreUnderTest) throws -> (any ItemCollection, TemporaryFolder) {
        let (store, folder) = try kind.make()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        return (try store.collection(at: path("work")), folder)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `what is written is read back byte for byte`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let bytes: [UInt8] = [0, 13, 10, 0xff, 0xfe, 10]
        let after = try work.update(by: ana) { _ in
            UpdatePlan(writes: [(name("a.ics"), bytes), (name("empty"), [])], message: "Two")
        }
        let item = try #require(after.item(named: name("a.ics")))
        #expect(try after.bytes(of: item.version) == bytes)
        #expect(try after.byteCount(of: item.version) == 6)
        #expect(try after.text("empty") == "")
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `items are in byte order of their names`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let names = ["b", "ä", "a.ics", "B", "a", "a-b", "a\u{308}", "%2F", "a b", "z"]
        _ = try work.update(by: ana) { _ in
            UpdatePlan(writes: names.map { (name($0), Array($0.utf8)) }, message: "All")
        }
        let listed = try work.snapshot().names
        #expect(
            listed.map { Array($0.utf8) }
                == names.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) })
        for item in names { #expect(try work.snapshot().text(item) == item) }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a version changes exactly when the bytes do`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let empty = try work.snapshot().version
        let first = try work.write("one", to: "a")
        let same = try work.write("one", to: "a")
        #expect(first.version == same.version)
        let second = try work.write("two", to: "a")
        #expect(second.version != first.version)
        #expect(second.item(named: name("a")) != first.item(named: name("a")))
        #expect(try work.write("one", to: "a").version == first.version)
        #expect(try work.delete("a").version == empty)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `properties stay with their item and go with it`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        func set(_ item: String, _ bytes: [UInt8]?) throws -> any Snapshot {
            try work.update(by: ana) { _ in
                UpdatePlan(properties: [(name(item), bytes)], message: "Set")
            }
        }
        let plain = try work.write("one", to: "a")
        try work.write("two", to: "b")
        #expect(try plain.properties(of: name("a")) == nil)
        let before = try set("a", [1, 10, 0])
        #expect(try before.properties(of: name("a")) == [1, 10, 0])
        #expect(try before.properties(of: name("b")) == nil)
        #expect(before.names == ["a", "b"])
        #expect(before.version != plain.version)
        #expect(try set("a", [1, 10, 0]).version == before.version)
        #expect(try work.write("three", to: "a").properties(of: name("a")) == [1, 10, 0])
        let after = try set("b", [2])
        #expect(try work.changes(from: before.version, to: after)?.map(\.name) == [name("a")])
        #expect(try work.delete("a").properties(of: name("a")) == nil)
        #expect(try work.write("new", to: "a").properties(of: name("a")) == nil)
        #expect(try set("b", nil).properties(of: name("b")) == nil)
        #expect(try set("b", nil).version == work.snapshot().version)
        #expect(try before.properties(of: name("a")) == [1, 10, 0])
        let renamed = try work.update(by: ana) { _ in
            UpdatePlan(
                writes: [(name("c"), [3])], deletions: [name("b")], properties: [(name("c"), [4])],
                message: "Rename")
        }
        #expect(try renamed.properties(of: name("c")) == [4])
        #expect(renamed.names == ["a", "c"])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a snapshot stays as it is`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let before = try work.write("one", to: "a")
        try work.write("two", to: "a")
        try work.write("new", to: "b")
        #expect(before.names == ["a"])
        #expect(try before.text("a") == "one")
        let again = try #require(try work.snapshot(at: before.version))
        #expect(try again.text("a") == "one")
        #expect(again.version == before.version)
        #expect(try work.snapshot(at: CollectionVersion("nonsense")) == nil)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `changes are one an item, in byte order`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let empty = try work.snapshot()
        for item in ["a", "b", "c", "d"] { try work.write(item, to: item) }
        let before = try work.snapshot()
        try work.write("changed", to: "c")
        try work.write("changed again", to: "c")
        try work.delete("a")
        try work.write("new", to: "B")
        let after = try work.delete("d")
        func written(_ text: String) throws -> Change {
            .written(try #require(after.item(named: name(text))))
        }
        #expect(
            try work.changes(from: before.version, to: after)
                == [written("B"), .deleted(name("a")), written("c"), .deleted(name("d"))])
        #expect(try work.changes(from: after.version, to: after) == [])
        #expect(try work.changes(from: empty.version, to: before)?.count == 4)
        #expect(try work.changes(from: before.version, to: empty)?.count == 4)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an unknown version has no changes`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let now = try work.write("one", to: "a")
        let blob = try #require(now.item(named: name("a"))?.version.description)
        for text in ["", "x", String(repeating: "0", count: 40), String(repeating: "f", count: 40), blob] {
            #expect(try work.changes(from: CollectionVersion(text), to: now) == nil)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a plan is made for the collection as it is, and nil changes nothing`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        let first = try work.write("one", to: "a")
        var seen: [String] = []
        let after = try work.update(by: ana) { now in
            seen = now.names
            return nil
        }
        #expect(seen == ["a"])
        #expect(after.version == first.version)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `writes and deletions of a plan happen together`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        try work.write("one", to: "a")
        let after = try work.update(by: ana) { _ in
            UpdatePlan(
                writes: [(name("b"), Array("moved".utf8))], deletions: [name("a"), name("never there")],
                message: "Move")
        }
        #expect(after.names == ["b"])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `reserved names are neither written nor found`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        for text in [".git", ".GIT", ".xandikos", ".artemisios-x", "push-subscriptions.json", ".gitmodules"] {
            #expect(throws: StoreError.invalidName) { try work.write("x", to: text) }
            #expect(try work.snapshot().item(named: name(text)) == nil)
        }
        #expect(try work.snapshot().items.isEmpty)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `the lock may be taken again by its holder`(kind: StoreUnderTest) throws {
        let (work, folder) = try collection(kind)
        defer { withExtendedLifetime(folder) {} }
        var result: Result<[String], StoreError>?
        try work.withLock {
            result = Result { () throws(StoreError) in try work.write("one", to: "a").names }
        }
        #expect(result == .success(["a"]))
    }
}
