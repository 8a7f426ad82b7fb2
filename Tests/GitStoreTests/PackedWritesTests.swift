import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("Writes to large collections, in one growing pack") struct PackedWritesTests {
    let workshop: Workshop
    let store: GitCollectionStore
    let collection: any ItemCollection

    /// A collection whose list of names is large.
    init() throws {
        workshop = try Workshop()
        store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        collection = try store.collection(at: path("work"))
        _ = try collection.update(by: ana) { _ in
            UpdatePlan(
                writes: (0..<1200).compactMap { number in
                    ItemName("item-\(number)-\(String(repeating: "x", count: 40)).ics").map {
                        (name: $0, bytes: Array("text \(number)".utf8))
                    }
                }, message: "Fill")
        }
    }

    private func files(_ ending: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: workshop.folder.path("work/objects"))
            .filter { $0.hasSuffix(ending) }
    }

    @Test func `no write leaves a list of names behind, and all are there`() throws {
        let other = try workshop.collection("work")
        var versions = [try other.snapshot().version]
        for number in 1...300 {
            let name = "item-\(number * 7 % 1300)"
            switch number % 5 {
            case 0: versions.append(try collection.delete("new-\(number - 1)").version)
            case 1: versions.append(try collection.write("text \(number)", to: name).version)
            case 2: versions.append(try collection.write("other \(number)", to: name).version)
            // What was there before: the whole list is one that the pack has.
            case 3:
                versions.append(try collection.delete("item-\((number - 1) * 7 % 1300)").version)
            default: versions.append(try collection.write("text \(number)", to: "new-\(number)").version)
            }
            // Another process follows.
            if number % 3 == 0 { #expect(try other.snapshot().version == versions.last) }
            let growth = try store.growth(of: path("work"))
            #expect(growth.packs <= 5 && growth.looseBytes < 2000)
        }
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "301\n")
        try workshop.expectSound("work")
        let reader = try workshop.collection("work")
        for version in versions { #expect(try reader.snapshot(at: version)?.version == version) }
        // Git itself finds all sums and differences right, and no chain is long.
        for index in try files(".idx") {
            let report = try workshop.git("work", "verify-pack", "-v", "objects/\(index)")
            let depths = report.split(separator: "\n").compactMap { line -> Int? in
                let words = line.split(separator: " ")
                return line.hasPrefix("chain") ? words.dropFirst(3).first.flatMap { Int($0.dropLast()) } : nil
            }
            #expect(!report.isEmpty && depths.allSatisfy { $0 <= 60 })
        }
        try store.repack(path("work"))
        let growth = try store.growth(of: path("work"))
        #expect(growth.looseObjects == 0 && growth.packs == 1 && growth.packBytes < 300_000)
        try workshop.expectSound("work")
        for version in versions { #expect(try reader.snapshot(at: version)?.version == version) }
    }

    @Test func `a list of names that comes again is kept once`() throws {
        let first = try collection.write("one", to: "again").version
        for number in 1...40 {
            try collection.write(number % 2 == 0 ? "one" : "two", to: "again")
        }
        #expect(try collection.snapshot().version == first)
        try workshop.expectSound("work")
        for index in try files(".idx") {
            #expect(try !workshop.git("work", "verify-pack", "-v", "objects/\(index)").isEmpty)
        }
    }

    @Test func `several processes add to one pack`() throws {
        let others = try (0..<3).map { _ in try workshop.collection("work") }
        for number in 0..<60 { try others[number % 3].write("text \(number)", to: "item-\(number)") }
        let packs = try files(".pack").count
        #expect(packs <= 3)
        #expect(try collection.snapshot().items.count == 1260)
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "61\n")
        try workshop.expectSound("work")
    }

    @Test(arguments: [
        "nothing", "torn", "empty", "stale", "packed anew", "commit", "packed by git", "repacked",
    ])
    func `whatever happens to the files, the next writes are right`(_ what: String) throws {
        for number in 1...5 { try collection.write("text \(number)", to: "before-\(number)") }
        let recent = workshop.folder.path("work/artemisios.recent")
        let told = try Data(contentsOf: URL(fileURLWithPath: recent))
        switch what {
        case "torn": try told.dropLast(7).write(to: URL(fileURLWithPath: recent))
        case "empty": try Data().write(to: URL(fileURLWithPath: recent))
        case "stale":
            try collection.write("6", to: "before-6")
            try told.write(to: URL(fileURLWithPath: recent))
        case "packed anew": try workshop.git("work", "repack", "-adq")
        case "commit":
            let tree = try workshop.git("work", "rev-parse", "HEAD~3^{tree}").dropLast()
            let commit = try workshop.git(
                "work", "-c", "user.name=n", "-c", "user.email=e@x", "commit-tree", "-p", "HEAD", "-m",
                "Back",
                String(tree)
            ).dropLast()
            try workshop.git("work", "update-ref", "HEAD", String(commit))
        case "packed by git": try workshop.git("work", "gc", "-q", "--prune=now")
        case "repacked": try store.repack(path("work"), joiningAll: true)
        default: break
        }
        let count = try collection.snapshot().items.count
        let other = try workshop.collection("work")
        for number in 1...5 {
            try (number % 2 == 0 ? collection : other).write("text \(number)", to: "after-\(number)")
        }
        #expect(try collection.snapshot().items.count == count + 5)
        try workshop.expectSound("work")
        #expect(try workshop.git("work", "ls-tree", "--name-only", "HEAD").contains("after-5"))
    }

    @Test func `a write that fails leaves the branch and the pack as they were`() throws {
        for number in 1...3 { try collection.write("text \(number)", to: "item") }
        let version = try collection.snapshot().version
        #expect(throws: StoreError.full) {
            _ = try collection.update(by: ana) { _ in
                var plan = UpdatePlan(writes: [(name("item"), Array("lost".utf8))], message: "Write")
                plan.beforeEntry = { (_) throws(StoreError) in throw .full }
                return plan
            }
        }
        #expect(try collection.snapshot().version == version)
        try collection.write("after", to: "item")
        #expect(try workshop.git("work", "show", "HEAD:item") == "after")
        try workshop.expectSound("work")
    }

    @Test func `maintenance leaves the growing pack to the writers, and joins those that no longer grow`()
        throws
    {
        for number in 1...20 { try collection.write("text \(number)", to: "item-\(number)") }
        let growing = try Set(files(".pack"))
        let left = try store.growth(of: path("work"), leavingGrowing: true)
        #expect(left.hasGrowingPack && left.packs < growing.count)
        try store.repack(path("work"), leavingGrowing: true)
        try collection.write("more", to: "item")
        try collection.write("more of it", to: "item")
        // The last of those that were there is the one before the one before.
        #expect(try store.growth(of: path("work")).looseBytes < 2000)
        try store.repack(path("work"))
        #expect(try store.growth(of: path("work")).packs == 1)
        try collection.write("after", to: "item")
        try workshop.expectSound("work")
    }

    @Test func `no writer waits for maintenance`() throws {
        try collection.write("first", to: "item")
        try FileManager.default.createDirectory(
            atPath: workshop.folder.path(".artemisios"), withIntermediateDirectories: true)
        let locks = try ["work/artemisios.packing", ".artemisios/prune.lock", ".artemisios/maintenance.lock"]
            .map {
                let file = unsafe open(workshop.folder.path($0), O_RDWR | O_CREAT, 0o644)
                try #require(file >= 0)
                return file
            }
        defer { for file in locks { close(file) } }
        func fastest(_ operation: Int32, _ turn: Int) throws -> Duration {
            for file in locks { try #require(flock(file, operation) == 0) }
            return try (1...3).map { number in
                let start = ContinuousClock.now
                try collection.write("text \(turn) \(operation) \(number)", to: "item")
                return ContinuousClock.now - start
            }.min() ?? .zero
        }
        // Whoever waits would do so each time, for 35 ms at least. How long a write takes is up to the machine.
        let excess = try (1...8).map { turn in try fastest(LOCK_EX, turn) - fastest(LOCK_UN, turn) }
        #expect(try #require(excess.min()) < .milliseconds(20))
    }

    @Test func `in a directory with a work tree the same holds`() throws {
        try workshop.makeWorkTree("files", files: ["a": "1"])
        let files = try workshop.collection("files")
        _ = try files.update(by: ana) { _ in
            UpdatePlan(
                writes: (0..<900).compactMap { number in
                    ItemName("item-\(number)-\(String(repeating: "x", count: 60))").map { ($0, [1]) }
                }, message: "Fill")
        }
        for number in 1...10 { try files.write("text \(number)", to: "item") }
        #expect(try workshop.git("files", "status", "--porcelain").isEmpty)
        #expect(try workshop.git("files", "show", "HEAD:item") == "text 10")
        try workshop.expectSound("files")
    }
}
