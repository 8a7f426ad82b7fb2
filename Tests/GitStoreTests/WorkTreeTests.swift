import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("Work trees, edited by hand between our changes") struct WorkTreeTests {
    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1", "b": "2", "c": "3"])
        return workshop
    }

    @Test func `after a change HEAD, index and files are the same`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        _ = try work.update(by: ana) { _ in
            UpdatePlan(
                writes: [(name("a"), [57]), (name("new"), [58])], deletions: [name("b")], message: "All kinds"
            )
        }
        #expect(try workshop.folder.read("work/a") == "9")
        #expect(try workshop.folder.read("work/new") == ":")
        #expect(!FileManager.default.fileExists(atPath: workshop.folder.path("work/b")))
        #expect(try workshop.git("work", "ls-files") == "a\nc\nnew\n")
        try workshop.expectSound("work")
    }

    @Test func `an edit in place is committed first, under the hand's name`() throws {
        let workshop = try workshop()
        try workshop.git("work", "config", "user.name", "Admin")
        try workshop.git("work", "config", "user.email", "admin@example.org")
        let work = try workshop.collection("work")
        #expect(try work.snapshot().text("a") == "1")
        try workshop.folder.write("edited by hand", to: "work/a")
        try work.write("new", to: "d")
        #expect(try work.snapshot().text("a") == "edited by hand")
        #expect(try workshop.git("work", "log", "--format=%an", "-2") == "Ana\nAdmin\n")
        #expect(try workshop.git("work", "show", "HEAD~1:a") == "edited by hand")
        try workshop.expectSound("work")
    }

    @Test func `the plan sees an edit of the very item it replaces`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        try workshop.folder.write("edited by hand", to: "work/a")
        var seen: String?
        _ = try work.update(by: ana) { now in
            seen = (try? now.text("a")) ?? nil
            return UpdatePlan(writes: [(name("a"), [57])], message: "Over it")
        }
        #expect(seen == "edited by hand")
        #expect(try workshop.git("work", "show", "HEAD~1:a") == "edited by hand")
        #expect(try workshop.folder.read("work/a") == "9")
        try workshop.expectSound("work")
    }

    @Test func `staged edits are committed and served`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        #expect(try work.snapshot().names == ["a", "b", "c"])
        try workshop.folder.write("staged", to: "work/a")
        try workshop.folder.write("staged too", to: "work/new")
        try workshop.git("work", "add", "a", "new")
        try workshop.git("work", "rm", "-q", "b")
        let now = try work.snapshot()
        #expect(now.names == ["a", "c", "new"])
        #expect(try now.text("a") == "staged")
        #expect(try workshop.git("work", "log", "-1", "--format=%s") == "Changes made by hand\n")
        try workshop.expectSound("work")
    }

    @Test func `a staged edit with another one behind it loses neither`() throws {
        let workshop = try workshop()
        try workshop.folder.write("staged", to: "work/a")
        try workshop.git("work", "add", "a")
        try workshop.folder.write("edited after that", to: "work/a")
        let work = try workshop.collection("work")
        #expect(try work.write("x", to: "d").text("a") == "edited after that")
        #expect(try workshop.folder.read("work/a") == "edited after that")
        try workshop.expectSound("work")
    }

    @Test func `untracked files stay what they are`() throws {
        let workshop = try workshop()
        try workshop.folder.write("notes", to: "work/notes.txt")
        try workshop.folder.write("{}", to: "work/push-subscriptions.json")
        try workshop.folder.write("deep", to: "work/sub/deep.txt")
        let work = try workshop.collection("work")
        try work.write("x", to: "d")
        try work.delete("a")
        #expect(try workshop.folder.read("work/notes.txt") == "notes")
        #expect(
            try workshop.git("work", "status", "--porcelain")
                == "?? notes.txt\n?? push-subscriptions.json\n?? sub/\n")
        #expect(try work.snapshot().item(named: name("notes.txt")) == nil)
        #expect(throws: StoreError.exists) { try work.write("x", to: "sub") }
        try workshop.expectSound("work")
    }

    @Test func `an untracked file goes into the history before an item takes its name`() throws {
        let workshop = try workshop()
        try workshop.folder.write("not committed", to: "work/d")
        let work = try workshop.collection("work")
        #expect(try work.snapshot().names == ["a", "b", "c"])
        try work.write("new", to: "d")
        #expect(try workshop.git("work", "show", "HEAD~1:d") == "not committed")
        #expect(try workshop.git("work", "show", "HEAD:d") == "new")
        #expect(try workshop.folder.read("work/d") == "new")
        try workshop.expectSound("work")
    }

    @Test func `a tracked file that is missing is put back`() throws {
        let workshop = try workshop()
        try FileManager.default.removeItem(atPath: workshop.folder.path("work/a"))
        let work = try workshop.collection("work")
        #expect(try work.write("x", to: "d").names == ["a", "b", "c", "d"])
        #expect(try workshop.folder.read("work/a") == "1")
        try workshop.expectSound("work")
    }

    @Test func `a repository whose index is missing gets it back`() throws {
        let workshop = try workshop()
        for file in [".git/index", "a", "b"] {
            try FileManager.default.removeItem(atPath: workshop.folder.path("work/\(file)"))
        }
        let work = try workshop.collection("work")
        #expect(try work.write("x", to: "d").names == ["a", "b", "c", "d"])
        try workshop.expectSound("work")
    }

    /// What a writer leaves that is killed when the branch has moved and nothing else.
    private func moveBranchOnly(_ workshop: Workshop, to entries: [String]) throws {
        let tree = try workshop.git("work", "mktree", input: entries.joined(separator: "\n") + "\n")
            .dropLast()
        let commit = try workshop.git("work", "commit-tree", "-m", "Half", "-p", "HEAD", String(tree))
            .dropLast()
        try workshop.git("work", "update-ref", "HEAD", String(commit))
    }

    @Test func `an index that is behind follows, and is not taken for an edit`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        try work.write("x", to: "d")
        let blob = String(try workshop.git("work", "hash-object", "-w", "--stdin", input: "later").dropLast())
        let entries = try workshop.git("work", "ls-tree", "HEAD").split(separator: "\n").map(String.init)
        // Of the four files one is changed, one gone, one new.
        try moveBranchOnly(
            workshop, to: ["100644 blob \(blob)\ta", entries[2], entries[3], "100644 blob \(blob)\te"])
        let now = try work.snapshot()
        #expect(now.names == ["a", "c", "d", "e"])
        #expect(try now.text("a") == "later")
        #expect(try workshop.git("work", "log", "-1", "--format=%s") == "Half\n")
        try workshop.expectSound("work")
        #expect(try workshop.folder.read("work/e") == "later")
        #expect(!FileManager.default.fileExists(atPath: workshop.folder.path("work/b")))
    }

    @Test func `an edit on top of an index that is behind is not lost`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        try work.write("x", to: "d")
        let blob = String(try workshop.git("work", "hash-object", "-w", "--stdin", input: "later").dropLast())
        let entries = try workshop.git("work", "ls-tree", "HEAD").split(separator: "\n").map(String.init)
        try moveBranchOnly(workshop, to: ["100644 blob \(blob)\ta"] + entries[1...])
        try workshop.folder.write("by hand", to: "work/a")
        try work.write("y", to: "d")
        #expect(try work.snapshot().text("a") == "by hand")
        #expect(
            try workshop.git("work", "log", "--format=%s", "-3") == "Write d\nChanges made by hand\nHalf\n")
        try workshop.expectSound("work")
    }

    @Test func `staging what an older commit had is an edit too`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        try work.write("second", to: "a")
        try workshop.git("work", "checkout", "-q", "HEAD~1", "--", "a")
        #expect(try work.snapshot().text("a") == "1")
        #expect(try workshop.git("work", "rev-list", "--count", "HEAD") == "3\n")
        try workshop.expectSound("work")
    }

    @Test func `a soft reset leaves staged work, which is committed`() throws {
        let workshop = try workshop()
        let work = try workshop.collection("work")
        try work.write("second", to: "a")
        try workshop.git("work", "reset", "-q", "--soft", "HEAD~1")
        #expect(try work.snapshot().text("a") == "second")
        try workshop.expectSound("work")
    }

    @Test func `a file whose merge is unfinished is left alone`() throws {
        let workshop = try workshop()
        try workshop.git("work", "checkout", "-q", "-b", "side")
        try workshop.folder.write("theirs", to: "work/a")
        try workshop.git("work", "commit", "-qam", "Theirs")
        try workshop.git("work", "checkout", "-q", "master")
        try workshop.folder.write("ours", to: "work/a")
        try workshop.git("work", "commit", "-qam", "Ours")
        _ = try? workshop.git("work", "merge", "side")
        let conflict = try workshop.folder.read("work/a")
        #expect(conflict.contains("<<<<<<<"))
        let work = try workshop.collection("work")
        #expect(try work.write("x", to: "d").text("a") == "ours")
        #expect(try workshop.folder.read("work/a") == conflict)
        #expect(try workshop.git("work", "status", "--porcelain") == "UU a\n")
    }

    @Test func `sub-directories and links in the tree stay in step too`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1", "sub/deep/x": "x", "sub/y": "y"])
        try FileManager.default.createSymbolicLink(
            atPath: workshop.folder.path("work/link"), withDestinationPath: "a")
        try workshop.git("work", "add", "link")
        try workshop.git("work", "commit", "-qm", "Link")
        let work = try workshop.collection("work")
        try workshop.folder.write("edited", to: "work/sub/deep/x")
        try workshop.folder.write("staged", to: "work/sub/new/z")
        try workshop.git("work", "add", "sub/new/z")
        try work.write("2", to: "a")
        #expect(try workshop.git("work", "show", "HEAD:sub/deep/x") == "edited")
        #expect(try workshop.git("work", "show", "HEAD:sub/new/z") == "staged")
        #expect(try workshop.git("work", "log", "-1", "--format=%s") == "Write a\n")
        try workshop.expectSound("work")
    }
}
