import GitStore
import Store
import TestSupport
import Testing

@Suite("The history that changes leave") struct HistoryTests {
    @Test(arguments: [true, false])
    func `a change is one commit by its author, with trailers`(isBare: Bool) throws {
        let workshop = try Workshop()
        if isBare {
            try workshop.makeBare("work", files: ["a": "1"])
        } else {
            try workshop.makeWorkTree("work", files: ["a": "1"])
        }
        _ = try workshop.collection("work").update(by: ana) { _ in
            UpdatePlan(
                writes: [(name("b"), [49]), (name("c"), [50])], deletions: [name("a")],
                message: "Reorder\n\nAll of it")
        }
        #expect(
            try workshop.git("work", "log", "-1", "--format=%an <%ae>|%cn <%ce>|%at|%B")
                == "Ana <ana@example.org>|Artemisios <artemisios@localhost>|1700000000|Reorder\n\nAll of it\n\n"
                + "Remote-User: ana\nRequester: Tests/1\n\n")
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "2\n")
        #expect(try workshop.git("work", "ls-tree", "--name-only", "HEAD") == "b\nc\n")
        try workshop.expectSound("work")
    }

    @Test func `the same bytes make no commit`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        try workshop.collection("work").write("1", to: "a")
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "1\n")
    }

    @Test(arguments: [true, false])
    func `all of it works with flushing too`(isBare: Bool) throws {
        let workshop = try Workshop()
        workshop.options.fsync = true
        workshop.options.worktree = !isBare
        let store = try workshop.store()
        try store.makeDirectory(at: path("home"))
        try store.makeCollection(at: path("home/work"), metadata: [.type: "calendar"], by: ana)
        let work = try store.collection(at: path("home/work"))
        try work.write("1", to: "a")
        try work.write("2", to: "a")
        try work.delete("a")
        try store.update(metadata: [MetadataKey("color"): "red"], of: path("home/work"), by: ana)
        try store.update(metadata: [MetadataKey("displayname"): "Home"], of: path("home"), by: ana)
        #expect(try workshop.git("home/work", "rev-list", "--count", "HEAD") == "5\n")
        try workshop.expectSound("home/work")
        try store.copy(path("home/work"), to: path("copy"), recursively: true)
        try store.move(path("copy"), to: path("home/moved"))
        try store.remove(path("home/work"))
        #expect(try store.children(of: path("home")) == [name("moved")])
        try workshop.expectSound("home/moved")
    }

    @Test func `hostile authors and messages leave sound commits`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work")
        let work = try workshop.collection("work")
        for (index, text) in ["", "<>", "a\nb <c> d", "\0\u{1}", " x ", "Ünï"].enumerated() {
            let author = Author(
                name: text, email: text, remoteUser: text, requester: "\(text)\nRemote-User: root")
            _ = try work.update(by: author) { _ in
                UpdatePlan(writes: [(name("\(index)"), [1])], message: text)
            }
        }
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "6\n")
        #expect(try !workshop.git("work", "log", "--format=%B").contains("\nRemote-User: root"))
        try workshop.expectSound("work")
    }
}
