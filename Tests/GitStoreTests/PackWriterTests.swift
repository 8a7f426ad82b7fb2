import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("Packs written without git") struct PackWriterTests {
    /// A collection with a tree large enough to be kept as differences and to stay loose.
    private func fill(_ collection: any ItemCollection, _ count: Int) throws {
        _ = try collection.update(by: ana) { _ in
            UpdatePlan(
                writes: (0..<count).compactMap { number in
                    ItemName("item-\(number)-\(String(repeating: "x", count: number % 40)).ics").map {
                        (name: $0, bytes: Array("text \(number)".utf8))
                    }
                }, message: "Fill")
        }
    }

    @Test func `a long history of a large collection is kept as its differences`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let collection = try store.collection(at: path("work"))
        try fill(collection, 1200)
        var versions: [CollectionVersion] = []
        // Over several digits of the trees' numbers, with additions, changes and deletions, and packs in between.
        for number in 1...300 {
            let name = "item-\(number * 7 % 1400)"
            let after =
                number % 5 == 0
                ? try collection.delete("item-\(number * 7 % 1200)-")
                : try collection.write("text \(number)", to: name)
            versions.append(after.version)
            if number % 37 == 0 { try store.repack(path("work")) }
        }
        try store.repack(path("work"))
        let growth = try store.growth(of: path("work"))
        #expect(growth.looseObjects == 0 && growth.packs == 1)
        #expect(growth.packBytes < 300_000)
        try workshop.expectSound("work")
        let reader = try workshop.collection("work")
        for version in versions {
            #expect(try reader.snapshot(at: version)?.version == version)
        }
        let pack = try #require(
            try FileManager.default.contentsOfDirectory(
                atPath: workshop.folder.path("work/objects/pack")
            ).first { $0.hasSuffix(".idx") })
        // Git itself finds all sums and differences right, and no chain is long.
        let report = try workshop.git("work", "verify-pack", "-v", "objects/pack/\(pack)")
        let depths = report.split(separator: "\n").compactMap { line -> Int? in
            let words = line.split(separator: " ")
            return line.hasPrefix("chain") ? words.dropFirst(3).first.flatMap { Int($0.dropLast()) } : nil
        }
        #expect(!report.isEmpty)
        #expect(depths.allSatisfy { $0 <= 60 })
    }

    @Test func `what another program wrote loose is packed too`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["x": "1"])
        let text = String(repeating: "lost and found ", count: 5000)
        let id = try workshop.git("work", "hash-object", "-w", "--stdin", input: text).prefix(40)
        try workshop.git("work", "-c", "user.name=n", "-c", "user.email=e@x", "tag", "-a", "-m", "A tag", "t")
        let store = try workshop.store()
        try store.repack(path("work"), git: "/nowhere/git")
        #expect(try store.growth(of: path("work")).looseObjects == 0)
        #expect(try workshop.git("work", "cat-file", "-p", String(id)) == text)
        #expect(try workshop.git("work", "cat-file", "-t", "t") == "tag\n")
        try workshop.expectSound("work")
    }

    @Test func `a damaged pack is left as it is`() throws {
        let workshop = try Workshop()
        let store = try workshop.store()
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        let collection = try store.collection(at: path("work"))
        try collection.write("1", to: "a")
        try store.repack(path("work"))
        let packs = workshop.folder.path("work/objects/pack")
        let pack = try #require(
            try FileManager.default.contentsOfDirectory(atPath: packs).first { $0.hasSuffix(".pack") })
        let file = URL(fileURLWithPath: "\(packs)/\(pack)")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 30] ^= 1
        try FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
        try collection.write("2", to: "b")
        try store.repack(path("work"))
        #expect(try Data(contentsOf: file) == bytes)
        #expect(try store.growth(of: path("work")).packs == 2)
    }
}
