import Store
import TestSupport
import Testing

@Suite("What every store promises of containers") struct StoreContractContainers {
    @Test(arguments: StoreUnderTest.allCases)
    func `locks are kept as they are until they are changed`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        #expect(try store.locks().isEmpty)
        let locks = [
            WriteLock(
                token: "urn:uuid:1", root: path("a b/ä%"), isDeep: true, scope: .shared, holder: path("ana"),
                owner: "<owner xmlns=\"DAV:\">Ana\n&lt;-&gt;</owner>", expires: 17),
            WriteLock(
                token: "urn:uuid:2", root: .root, isDeep: false, scope: .exclusive, holder: nil, owner: "",
                expires: .max),
        ]
        let table = try store.lockTable(exclusive: true)
        #expect(table.locks.isEmpty)
        try table.replace(with: locks)
        table.release()
        #expect(try store.locks() == locks)
        let (one, two) = (try store.lockTable(exclusive: false), try store.lockTable(exclusive: false))
        #expect(one.locks == locks && two.locks == locks)
        one.release()
        two.release()
        let last = try store.lockTable(exclusive: true)
        try last.replace(with: [])
        last.release()
        #expect(try store.locks().isEmpty)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `containers are of the kind they were made`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeDirectory(at: path("user/calendars"))
        try store.makeDirectory(at: path("user/calendars"))
        try store.makeCollection(at: path("user/calendars/work"), metadata: [:], by: ana)
        try store.makeCollection(at: path("user/calendars/work/below"), metadata: [:], by: ana)
        #expect(try store.kind(at: .root) == .directory)
        #expect(try store.kind(at: path("user")) == .directory)
        #expect(try store.kind(at: path("user/calendars/work")) == .collection)
        #expect(try store.kind(at: path("user/calendars/work/below")) == .collection)
        #expect(try store.kind(at: path("user/none")) == nil)
        #expect(try store.children(of: path("user/calendars")) == [name("work")])
        #expect(try store.children(of: path("user/calendars/work")) == [name("below")])
        #expect(throws: StoreError.notFound) { try store.children(of: path("none")) }
        #expect(throws: StoreError.notFound) { try store.collection(at: path("user")) }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a collection is made once, below something, under a good name`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        #expect(throws: StoreError.exists) {
            try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        }
        #expect(throws: StoreError.parentMissing) {
            try store.makeCollection(at: path("none/work"), metadata: [:], by: ana)
        }
        for text in [".git", ".xandikos", ".hidden", "push-subscriptions.json"] {
            #expect(throws: StoreError.invalidName) {
                try store.makeCollection(at: path("work/\(text)"), metadata: [:], by: ana)
            }
        }
        #expect(try store.collection(at: path("work")).snapshot().items.isEmpty)
        #expect(try store.children(of: .root) == [name("work")])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `an item and a container never share a name`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        try store.makeCollection(at: path("work/inner"), metadata: [:], by: ana)
        let work = try store.collection(at: path("work"))
        #expect(throws: StoreError.exists) { try work.write("x", to: "inner") }
        try work.write("x", to: "item")
        #expect(throws: StoreError.exists) {
            try store.makeCollection(at: path("work/item"), metadata: [:], by: ana)
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `what is removed is gone, and its place is free`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeCollection(at: path("work"), metadata: [.type: "calendar"], by: ana)
        try store.collection(at: path("work")).write("x", to: "a")
        try store.remove(path("work"))
        #expect(try store.kind(at: path("work")) == nil)
        #expect(throws: StoreError.notFound) { try store.remove(path("work")) }
        #expect(throws: StoreError.invalidName) { try store.remove(.root) }
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        #expect(try store.collection(at: path("work")).snapshot().items.isEmpty)
        #expect(try store.metadata(of: path("work")) == [:])
        #expect(try store.children(of: .root) == [name("work")])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a container moves with all in it`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeDirectory(at: path("home"))
        try store.makeCollection(at: path("work"), metadata: [.type: "calendar"], by: ana)
        try store.makeCollection(at: path("work/inner"), metadata: [:], by: ana)
        let before = try store.collection(at: path("work")).write("x", to: "a")
        try store.move(path("work"), to: path("home/moved"))
        #expect(try store.kind(at: path("work")) == nil)
        let moved = try store.collection(at: path("home/moved"))
        #expect(moved.path == path("home/moved"))
        #expect(try moved.snapshot().version == before.version)
        #expect(try moved.write("y", to: "b").names == ["a", "b"])
        #expect(try store.metadata(of: path("home/moved"))[.type] == "calendar")
        #expect(try store.children(of: path("home/moved")) == [name("inner")])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a copy is of its own`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeCollection(at: path("work"), metadata: [.type: "calendar"], by: ana)
        try store.makeCollection(at: path("work/inner"), metadata: [:], by: ana)
        let work = try store.collection(at: path("work"))
        let before = try work.write("x", to: "a")
        try store.copy(path("work"), to: path("flat"), recursively: false)
        try store.copy(path("work"), to: path("deep"), recursively: true)
        #expect(try store.children(of: path("flat")).isEmpty)
        #expect(try store.children(of: path("deep")) == [name("inner")])
        let flat = try store.collection(at: path("flat"))
        #expect(try flat.snapshot().version == before.version)
        #expect(try store.metadata(of: path("flat")) == [.type: "calendar"])
        try flat.write("changed", to: "a")
        #expect(try work.snapshot().text("a") == "x")
        #expect(try flat.snapshot().text("a") == "changed")
        #expect(try flat.snapshot(at: before.version)?.text("a") == "x")
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `moving and copying need a free place outside`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        for text in ["a", "b"] { try store.makeCollection(at: path(text), metadata: [:], by: ana) }
        for operation in [store.move, { try store.copy($0, to: $1, recursively: true) }] {
            #expect(throws: StoreError.exists) { try operation(path("a"), path("b")) }
            #expect(throws: StoreError.parentMissing) { try operation(path("a"), path("none/a")) }
            #expect(throws: StoreError.notFound) { try operation(path("none"), path("c")) }
            #expect(throws: StoreError.invalidName) { try operation(path("a"), path("a/a")) }
            #expect(throws: StoreError.invalidName) { try operation(path("a"), path("b/.git")) }
        }
        #expect(try store.children(of: .root) == [name("a"), name("b")])
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `settings are read as they were set`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeDirectory(at: path("ana"))
        try store.makeCollection(at: path("work"), metadata: [.type: "calendar"], by: ana)
        try kind.settle("work", of: store, in: folder)
        let nasty = "  two\nlines % %(x)s # ; = :\n\n# no comment\n\ttab \n"
        let keys = [
            "displayname", "description", "color", "timezone", "calendar-order", "supported-components",
            "calendar-user-addresses", "something-else", "availability", "odd key=[1]",
        ]
        for at in [path("ana"), path("work")] {
            for key in keys {
                try store.update(metadata: [MetadataKey(key): "\(key): \(nasty)"], of: at, by: ana)
            }
            let read = try store.metadata(of: at)
            for key in keys { #expect(read[MetadataKey(key)] == "\(key): \(nasty)", "\(key) of \(at)") }
            #expect(read.count == keys.count + (at == path("work") ? 1 : 0))
            try store.update(
                metadata: Dictionary(uniqueKeysWithValues: keys.map { (MetadataKey($0), nil as String?) }),
                of: at, by: ana)
            #expect(try store.metadata(of: at) == (at == path("work") ? [.type: "calendar"] : [:]))
        }
        #expect(throws: StoreError.notFound) { try store.metadata(of: path("none")) }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `settings are no items and no changes of items`(kind: StoreUnderTest) throws {
        let (store, folder) = try kind.make()
        defer { withExtendedLifetime(folder) {} }
        try store.makeCollection(at: path("work"), metadata: [.type: "calendar"], by: ana)
        let work = try store.collection(at: path("work"))
        let before = try work.write("x", to: "a")
        try store.update(metadata: [MetadataKey("color"): "#ff0000"], of: path("work"), by: ana)
        let after = try work.snapshot()
        #expect(after.version != before.version)
        #expect(after.items == before.items)
        #expect(try work.changes(from: before.version, to: after) == [])
    }
}
