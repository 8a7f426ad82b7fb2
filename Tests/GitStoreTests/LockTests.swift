import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("Locks, and others who do not know them") struct LockTests {
    @Test func `a collection locked by another is busy after the timeout`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        workshop.options.lockTimeout = .milliseconds(50)
        let (mine, other) = (try workshop.collection("work"), try workshop.collection("work"))
        var result: StoreError?
        try other.withLock {
            do throws(StoreError) { try mine.write("2", to: "a") } catch { result = error }
        }
        #expect(result == .busy)
        try mine.write("2", to: "a")
    }

    @Test func `a tree of collections does not move while one of them is written`() throws {
        let folder = try TemporaryFolder()
        let options = GitStoreOptions(fsync: false, lockTimeout: .milliseconds(50))
        let mine = try GitCollectionStore(root: folder.path, options: options)
        let other = try GitCollectionStore(root: folder.path, options: options)
        let home = StorePath([try #require(ItemName("home"))])
        let work = home.appending(try #require(ItemName("work")))
        let moved = StorePath([try #require(ItemName("moved"))])
        try mine.makeDirectory(at: home)
        try mine.makeCollection(at: work, metadata: [:], by: Author(name: "Ana", email: "ana@example.org"))
        var (moving, removing): (StoreError?, StoreError?)
        try other.collection(at: work).withLock {
            do throws(StoreError) { try mine.move(home, to: moved) } catch { moving = error }
            do throws(StoreError) { try mine.remove(home) } catch { removing = error }
        }
        #expect(moving == .busy && removing == .busy)
        try mine.move(home, to: moved)
        #expect(try other.kind(at: moved.appending(try #require(ItemName("work")))) == .collection)
    }

    @Test func `a writer waits a little, and not for ever, for one who packs in a hurry`() throws {
        let folder = try TemporaryFolder()
        let store = try GitCollectionStore(root: folder.path, options: GitStoreOptions(fsync: false))
        let path = StorePath([try #require(ItemName("work"))])
        let ana = Author(name: "Ana", email: "ana@example.org")
        try store.makeCollection(at: path, metadata: [:], by: ana)
        let work = try store.collection(at: path)
        let long = String(repeating: "a", count: 230)
        let names = (0..<9000).compactMap { ItemName("\(long)-\($0).ics") }
        _ = try work.update(by: ana) { _ in UpdatePlan(writes: names.map { ($0, [1]) }, message: "Many") }
        let file = unsafe open(folder.path("work/artemisios.packing"), O_RDWR | O_CREAT, 0o644)
        defer { close(file) }
        #expect(flock(file, LOCK_EX) == 0)
        let start = ContinuousClock.now
        _ = try work.update(by: ana) { _ in UpdatePlan(writes: [(names[0], [2])], message: "One") }
        #expect(ContinuousClock.now - start > .milliseconds(20))
        #expect(try work.snapshot().bytes(of: #require(work.snapshot().item(named: names[0])).version) == [2])
    }

    @Test func `collections that have rested are read and written`() throws {
        let folder = try TemporaryFolder()
        let store = try GitCollectionStore(root: folder.path, options: GitStoreOptions(fsync: false))
        let ana = Author(name: "Ana", email: "ana@example.org")
        let paths = try (0..<8).map { StorePath([try #require(ItemName("c\($0)"))]) }
        let a = try #require(ItemName("a"))
        for path in paths { try store.makeCollection(at: path, metadata: [:], by: ana) }
        for round in UInt8(0)..<5 {
            for (number, path) in paths.enumerated() {
                let work = try store.collection(at: path)
                let old = try work.snapshot()
                if let item = old.item(named: a) {
                    #expect(try old.bytes(of: item.version) == [round - 1, UInt8(number)])
                }
                let bytes = [round, UInt8(number)]
                let new = try work.update(by: ana) { _ in UpdatePlan(writes: [(a, bytes)], message: "One") }
                #expect(try work.changes(from: old.version, to: new)?.count == 1)
                if round % 2 == 0 { try store.repack(path, joiningAll: true) }
            }
        }
    }

    @Test func `readers do not wait for writers`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        let (mine, other) = (try workshop.collection("work"), try workshop.collection("work"))
        var names: [String] = []
        try other.withLock { names = (try? mine.snapshot().names) ?? [] }
        #expect(names == ["a"])
    }

    @Test(arguments: ["refs/heads/master.lock", "index.lock", "HEAD.lock"])
    func `an old lock file is cleared`(file: String) throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        if file == "HEAD.lock" { try workshop.git("work", "checkout", "-q", "--detach") }
        try workshop.folder.write("", to: "work/.git/\(file)")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -1000)],
            ofItemAtPath: workshop.folder.path("work/.git/\(file)"))
        try workshop.collection("work").write("2", to: "a")
        #expect(try workshop.git("work", "show", "HEAD:a") == "2")
        try workshop.expectSound("work")
    }

    @Test(arguments: ["refs/heads/master.lock", "index.lock"])
    func `a young lock file of another program is respected`(file: String) throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        workshop.options.lockTimeout = .milliseconds(50)
        try workshop.folder.write("", to: "work/.git/\(file)")
        #expect(throws: StoreError.busy) { try workshop.collection("work").write("2", to: "a") }
        #expect(FileManager.default.fileExists(atPath: workshop.folder.path("work/.git/\(file)")))
        #expect(try workshop.collection("work").snapshot().text("a") == "1")
        try FileManager.default.removeItem(atPath: workshop.folder.path("work/.git/\(file)"))
        try workshop.collection("work").write("2", to: "a")
        try workshop.expectSound("work")
    }

    @Test func `what a killed holder of the collection's lock left is cleared soon`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        try workshop.folder.write("+", to: "work/.git/artemisios.lock")
        try workshop.folder.write("half", to: "work/.artemisios-file-1-0")
        try workshop.folder.write("artemisios\n", to: "work/.git/index.lock")
        try workshop.folder.write("", to: "work/.git/refs/heads/master.lock")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3)],
            ofItemAtPath: workshop.folder.path("work/.git/refs/heads/master.lock"))
        workshop.options.lockTimeout = .milliseconds(200)
        try workshop.collection("work").write("2", to: "a")
        #expect(try workshop.git("work", "status", "--porcelain").isEmpty)
        try workshop.expectSound("work")
    }

    @Test(arguments: [true, false])
    func `a commit by another program during a change is kept, and the plan made anew`(isBare: Bool) throws {
        let workshop = try Workshop()
        if isBare {
            try workshop.makeBare("work", files: ["a": "1"])
        } else {
            try workshop.makeWorkTree("work", files: ["a": "1"])
        }
        let work = try workshop.collection("work")
        var seen: [[String]] = []
        _ = try work.update(by: ana) { now in
            seen.append(now.names)
            if seen.count == 1 {
                do {
                    let blob = try workshop.git("work", "hash-object", "-w", "--stdin", input: "theirs")
                        .dropLast()
                    let tree = try workshop.git(
                        "work", "mktree",
                        input: try workshop.git("work", "ls-tree", "HEAD") + "100644 blob \(blob)\tb\n")
                    let commit = try workshop.git(
                        "work", "commit-tree", "-p", "HEAD", "-m", "Theirs", String(tree.dropLast()))
                    try workshop.git("work", "update-ref", "HEAD", String(commit.dropLast()))
                } catch {
                    Issue.record(error)
                }
            }
            return UpdatePlan(writes: [(name("c"), [51])], message: "Ours")
        }
        #expect(seen == [["a"], ["a", "b"]])
        #expect(try work.snapshot().names == ["a", "b", "c"])
        #expect(try workshop.git("work", "log", "--format=%s") == "Ours\nTheirs\nStart\n")
        try workshop.expectSound("work")
    }

    @Test(arguments: [true, false])
    func `writers at once lose nothing`(isBare: Bool) async throws {
        let workshop = try Workshop()
        if isBare { try workshop.makeBare("work") } else { try workshop.makeWorkTree("work") }
        let root = workshop.folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<6 {
                group.addTask {
                    let options = GitStoreOptions(fsync: false, lockTimeout: .seconds(60))
                    let store = try GitCollectionStore(root: root, options: options)
                    let work = try store.collection(at: path("work"))
                    for turn in 0..<10 {
                        _ = try work.update(by: ana) { now in
                            let count = (try? now.text("count")).flatMap { $0 }.flatMap { Int($0) } ?? 0
                            return UpdatePlan(
                                writes: [
                                    (name("count"), Array("\(count + 1)".utf8)),
                                    (name("\(writer)-\(turn)"), [UInt8(turn)]),
                                ], message: "Count")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        let now = try workshop.collection("work").snapshot()
        #expect(try now.text("count") == "60")
        #expect(now.items.count == 61)
        try workshop.expectSound("work")
    }

    @Test func `a repack by others at the same time takes nothing away`() async throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        let folder = workshop.folder.path("work")
        async let repacking: Void = {
            // Git itself complains when it meets our change of the branch; that is its way of leaving it alone.
            for _ in 0..<8 { _ = try? run("git", ["gc", "-q"], in: folder) }
        }()
        let work = try workshop.collection("work")
        for turn in 0..<150 {
            let now = try work.write("\(turn)", to: "item-\(turn)")
            #expect(try now.text("a") == "1")
        }
        await repacking
        #expect(try workshop.collection("work").snapshot().items.count == 151)
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "151\n")
        try workshop.expectSound("work")
    }

    @Test func `a collection whose lock is held is not opened a second time`() throws {
        let workshop = try Workshop()
        workshop.options.maxOpenRepositories = 2
        workshop.options.lockTimeout = .milliseconds(50)
        for text in ["a", "b", "c"] { try workshop.makeBare(text) }
        let store = try workshop.store()
        var failure: StoreError?
        try store.collection(at: path("a")).withLock {
            do throws(StoreError) {
                for text in ["b", "c", "b", "a"] { try store.collection(at: path(text)).write("1", to: "x") }
            } catch {
                failure = error
            }
        }
        #expect(failure == nil)
    }

    @Test func `a collection taken away while a writer waits is not found`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        let work = try workshop.collection("work")
        try workshop.store().remove(path("work"))
        #expect(throws: StoreError.notFound) { try work.write("2", to: "a") }
    }
}
