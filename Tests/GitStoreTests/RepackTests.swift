import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("Repacking while others read and write") struct RepackTests {
    @Test func `what is loose goes into one pack, and all of it can be read`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let collection = try store.collection(at: path("work"))
        var versions: [CollectionVersion] = []
        for number in 1...60 {
            versions.append(try collection.write("text \(number)", to: "item-\(number % 20)").version)
        }
        let before = try store.growth(of: path("work"))
        #expect(before.looseObjects == 180 && before.packs == 0)
        try store.repack(path("work"))
        let after = try store.growth(of: path("work"))
        #expect(after.looseObjects == 0 && after.looseBytes == 0 && after.packs == 1)
        #expect(after.packBytes < before.looseBytes / 2)
        // By the one who had the repository open, and by a new one.
        for reader in [collection, try workshop.collection("work")] {
            for version in versions {
                let snapshot = try #require(try reader.snapshot(at: version))
                for item in snapshot.items { _ = try snapshot.bytes(of: item.version) }
            }
        }
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "60\n")
        try workshop.expectSound("work")
    }

    @Test func `what no branch leads to stays`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["x": "1"])
        let lost = try workshop.git("work", "hash-object", "-w", "--stdin", input: "lost").prefix(40)
        let store = try workshop.store()
        try store.repack(path("work"))
        try store.collection(at: path("work")).write("2", to: "y")
        try store.repack(path("work"), joiningAll: true)
        #expect(try store.growth(of: path("work")).looseObjects == 0)
        #expect(try store.growth(of: path("work")).packs == 1)
        #expect(try workshop.git("work", "cat-file", "-p", String(lost)) == "lost")
        try workshop.expectSound("work")
    }

    @Test func `packs are joined so that there are few`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let collection = try store.collection(at: path("work"))
        for number in 1...12 {
            try collection.write("text \(number)", to: "item-\(number)")
            try store.repack(path("work"))
        }
        #expect(try store.growth(of: path("work")).packs == 1)
        try workshop.expectSound("work")
    }

    @Test func `an object is read without others, and a list of names is a difference`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let collection = try store.collection(at: path("work"))
        let alike = (1...40).map { "line \($0)" }.joined(separator: "\n")
        for number in 1...30 { try collection.write("\(alike)\n\(number)", to: "item-\(number)") }
        try store.repack(path("work"), joiningAll: true)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: workshop.folder.path("work/objects/pack"))
        let pack = try #require(files.first { $0.hasSuffix(".pack") })
        let objects = try workshop.git("work", "verify-pack", "-v", "objects/pack/\(pack)")
            .split(separator: "\n").map { $0.split(separator: " ") }
        // Those that are differences have their depth and what they differ from, too.
        let blobs = objects.filter { $0.count > 1 && $0[1] == "blob" }
        #expect(blobs.count == 30 && blobs.allSatisfy { $0.count == 5 })
        #expect(objects.contains { $0.count == 7 && $0[1] == "tree" })
        try workshop.expectSound("work")
    }

    @Test func `a pack to be kept is left alone`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["x": "1"])
        try workshop.git("work", "repack", "-adq")
        let packs = workshop.folder.path("work/objects/pack")
        let kept = try #require(
            try FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".pack") })
        try workshop.folder.write("", to: "work/objects/pack/\(kept.dropLast(5)).keep")
        let store = try workshop.store()
        try store.collection(at: path("work")).write("2", to: "y")
        try store.repack(path("work"), joiningAll: true)
        #expect(FileManager.default.fileExists(atPath: "\(packs)/\(kept)"))
        try workshop.expectSound("work")
    }

    @Test func `a damaged object stays, and keeps no other from being packed`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        try store.collection(at: path("work")).write("1", to: "x")
        let id = try workshop.git("work", "rev-parse", "HEAD:x").prefix(40)
        let file = workshop.folder.path("work/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        try FileManager.default.removeItem(atPath: file)
        try Data("no object".utf8).write(to: URL(fileURLWithPath: file))
        try store.repack(path("work"))
        #expect(try store.growth(of: path("work")).looseObjects == 1)
        #expect(FileManager.default.fileExists(atPath: file))
        #expect(throws: StoreError.self) { try store.repack(path("work"), joiningAll: true) }
        #expect(FileManager.default.fileExists(atPath: file))
    }

    @Test func `without git nothing is lost and the reason is told`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["x": "1"])
        let store = try workshop.store()
        #expect(throws: StoreError.self) {
            try store.repack(path("work"), git: "/nowhere/git", joiningAll: true)
        }
        try workshop.expectSound("work")
    }

    @Test func `only what changed is looked at`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("a", files: ["x": "1"])
        try workshop.makeWorkTree("b", files: ["x": "1"])
        let store = try workshop.store()
        let watch = try CollectionWatch(store)
        #expect(Set(try watch.changed()) == [path("a"), path("b")])
        #expect(try watch.changed().isEmpty)
        _ = try watch.isSignalled()
        #expect(try !watch.isSignalled())
        try workshop.collection("b").write("2", to: "y")
        #expect(try watch.isSignalled())
        #expect(try watch.changed() == [path("b")])
        try store.makeCollection(at: path("c"), metadata: [:], by: ana)
        #expect(try watch.changed() == [path("c")])
        try workshop.git("b", "commit", "-q", "--allow-empty", "-m", "By hand")
        #expect(try watch.changed() == [path("b")])
        try store.remove(path("a"))
        #expect(try watch.changed().isEmpty)
    }
}

@Suite("Repacking under load") struct RepackLoadTests {
    @Test func `readers and writers never fail while packs come and go`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let root = workshop.folder.path
        let (isWritten, isPacked) = (Locked(false), DispatchSemaphore(value: 0))
        let (failure, repacks) = (Locked<String?>(nil), Locked(0))
        Thread.detachNewThread {
            defer { isPacked.signal() }
            do {
                // A store of its own, as another process has.
                let mine = try GitCollectionStore(root: root, options: GitStoreOptions(fsync: false))
                repeat {
                    try mine.repack(path("work"), joiningAll: repacks.value % 3 == 2)
                    repacks.set(repacks.value + 1)
                } while !isWritten.value
            } catch {
                failure.set("\(error)")
            }
        }
        let writer = try store.collection(at: path("work"))
        let reader = try workshop.collection("work")
        var versions: [CollectionVersion] = []
        var count = 0
        while count < 150 || (repacks.value < 4 && failure.value == nil) {
            count += 1
            try writer.write("text \(count)", to: "item-\(count % 30)")
            let snapshot = try reader.snapshot()
            versions.append(snapshot.version)
            for item in snapshot.items { _ = try snapshot.bytes(of: item.version) }
            let old = try #require(try reader.snapshot(at: versions[count / 2]))
            _ = try reader.changes(from: old.version, to: snapshot)
            if count % 30 == 0 { try store.copy(path("work"), to: path("copy-\(count)"), recursively: false) }
        }
        isWritten.set(true)
        isPacked.wait()
        #expect(failure.value == nil)
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "\(count)\n")
        try workshop.expectSound("work")
        for copy in stride(from: 30, through: 150, by: 30) { try workshop.expectSound("copy-\(copy)") }
        // What went away is not held open.
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap {
            try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")
        }
        let gone = descriptors.filter { $0.hasPrefix(root) && $0.hasSuffix("(deleted)") }
        #expect(gone.count <= 10, "\(gone)")
    }
}

/// A value that two threads may use.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var stored: Value

    init(_ value: Value) { stored = value }

    var value: Value { lock.withLock { stored } }

    func set(_ value: Value) { lock.withLock { stored = value } }
}
