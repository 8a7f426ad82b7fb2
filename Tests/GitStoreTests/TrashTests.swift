import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("The trash, moving and copying on disk") struct TrashTests {
    @Test func `what is removed lies in the trash with a record of where it was`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("a b%.git", files: ["x": "1"])
        let store = try workshop.store()
        try store.remove(path("a b%.git"))
        let trash = workshop.folder.path(".artemisios/trash")
        let entries = try FileManager.default.contentsOfDirectory(atPath: trash)
        let entry = try #require(entries.first)
        #expect(entries.count == 1)
        #expect(entry.hasPrefix("1700000000-"))
        #expect(
            try workshop.folder.read(".artemisios/trash/\(entry)/record")
                == "path: /a%20b%25.git\nremoved: 1700000000\n")
        #expect(try workshop.git(".artemisios/trash/\(entry)/content", "show", "HEAD:x") == "1")
        #expect(try store.children(of: .root).isEmpty)
        #expect(try store.kind(at: path(".artemisios")) == nil)
    }

    @Test func `what is removed can come back where it was, or elsewhere`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("a b%.git", files: ["x": "1"])
        let store = try workshop.store()
        let version = try store.collection(at: path("a b%.git")).snapshot().version
        try store.remove(path("a b%.git"))
        let entry = try #require(try store.trash().first)
        #expect(entry.path == path("a b%.git") && entry.removed == 1_700_000_000)
        try store.makeDirectory(at: path("a b%.git"))
        #expect(throws: StoreError.exists) { try store.restore(entry.id) }
        #expect(throws: StoreError.parentMissing) { try store.restore(entry.id, to: path("no/b")) }
        #expect(try store.trash() == [entry])
        #expect(try store.restore(entry.id, to: path("b")) == path("b"))
        #expect(try store.collection(at: path("b")).snapshot().version == version)
        #expect(try store.trash().isEmpty)
        #expect(throws: StoreError.notFound) { try store.restore(entry.id) }
        try store.remove(path("b"))
        #expect(try store.restore(try #require(try store.trash().first).id) == path("b"))
        try workshop.expectSound("b")
    }

    @Test func `only what is old enough is purged`() throws {
        let workshop = try Workshop()
        var time: Int64 = 1000
        workshop.options.clock = { time }
        try workshop.makeBare("a")
        try workshop.makeBare("b")
        let store = try workshop.store()
        try store.remove(path("a"))
        time = 2000
        try store.remove(path("b"))
        // What a process left that was killed on the way.
        try workshop.folder.write("", to: ".artemisios/trash/.purge-1-2/content/HEAD")
        #expect(try store.trash().map(\.path) == [path("a"), path("b")])
        #expect(try store.purgeTrash(removedBefore: 2000).map(\.path) == [path("a")])
        #expect(try store.trash().map(\.path) == [path("b")])
        let left = try FileManager.default.contentsOfDirectory(
            atPath: workshop.folder.path(".artemisios/trash"))
        #expect(left.count == 1)
    }

    @Test(arguments: [true, false])
    func `a copy has the history, and no locks`(isBare: Bool) throws {
        let workshop = try Workshop()
        if isBare {
            try workshop.makeBare("work", files: ["x": "1"])
        } else {
            try workshop.makeWorkTree("work", files: ["x": "1"])
        }
        let store = try workshop.store()
        try store.collection(at: path("work")).write("2", to: "y")
        try store.copy(path("work"), to: path("copy"), recursively: false)
        #expect(try workshop.git("copy", "rev-list", "--count", "HEAD") == "2\n")
        let gitFolder = isBare ? "copy" : "copy/.git"
        #expect(!FileManager.default.fileExists(atPath: workshop.folder.path("\(gitFolder)/artemisios.lock")))
        try store.collection(at: path("copy")).write("3", to: "x")
        #expect(try workshop.git("work", "show", "HEAD:x") == "1")
        try workshop.expectSound("copy")
        try workshop.expectSound("work")
    }

    @Test func `what a killed copy or creation left is neither seen nor in the way`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["x": "1"])
        try workshop.folder.write("half", to: ".artemisios-new-1-2/HEAD")
        let store = try workshop.store()
        #expect(try store.children(of: .root) == [name("work")])
        #expect(try store.kind(at: path(".artemisios-new-1-2")) == nil)
    }
}
