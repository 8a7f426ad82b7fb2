import Foundation
import GitStore
import Store
import TestSupport
import Testing

@Suite("Repositories as other programs leave them") struct OddRepositoryTests {
    @Test(arguments: ["packed", "loose"], [true, false])
    func `packed and loose, bare and not, are the same collection`(form: String, isBare: Bool) throws {
        let workshop = try Workshop()
        if isBare {
            try workshop.makeBare("work", files: ["a": "1", "b": "2"], branch: "trunk")
        } else {
            try workshop.makeWorkTree("work", files: ["a": "1", "b": "2"], branch: "trunk")
        }
        if form == "packed" { try workshop.git("work", "gc", "-q", "--prune=now") }
        let work = try workshop.collection("work")
        let before = try work.snapshot()
        #expect(before.names == ["a", "b"])
        #expect(before.version.description + "\n" == (try workshop.git("work", "rev-parse", "HEAD^{tree}")))
        #expect(
            before.item(named: name("a")).map { $0.version.description + "\n" }
                == (try workshop.git("work", "rev-parse", "HEAD:a")))
        let after = try work.write("3", to: "c")
        #expect(try workshop.git("work", "rev-parse", "trunk^{tree}") == after.version.description + "\n")
        #expect(try work.changes(from: before.version, to: after)?.map(\.name) == [name("c")])
        try workshop.expectSound("work")
    }

    @Test func `what Git does outside is seen at the next look, however settled all was`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1", "b": "2"], branch: "trunk")
        let store = try workshop.store()
        func look() throws -> String {
            #expect(try store.container(at: path("work"))?.kind == .collection)
            return try store.collection(at: path("work")).snapshot().version.description + "\n"
        }
        let first = try workshop.git("work", "rev-parse", "HEAD").dropLast()
        let tree = try workshop.git("work", "mktree", input: workshop.git("work", "ls-tree", "HEAD", "a"))
        let second = try workshop.git("work", "commit-tree", "-m", "Second", "\(tree.dropLast())").dropLast()
        let steps = [
            ["update-ref", "refs/heads/trunk", "\(second)"], ["pack-refs", "--all"],
            ["update-ref", "refs/heads/trunk", "\(first)"], ["pack-refs", "--all"],
            ["update-ref", "refs/heads/other", "\(second)"], ["symbolic-ref", "HEAD", "refs/heads/other"],
            ["gc", "-q"], ["update-ref", "refs/heads/other", "\(first)"],
        ]
        for step in steps {
            // Twice, and late enough for what was found to be relied on.
            for _ in 0..<2 {
                usleep(60_000)
                #expect(try look() == workshop.git("work", "rev-parse", "HEAD^{tree}"))
            }
            try run("git", step, in: workshop.folder.path("work"))
            #expect(try look() == workshop.git("work", "rev-parse", "HEAD^{tree}"), "\(step)")
        }
    }

    @Test(arguments: [true, false])
    func `a repository without commits is empty, and its branch is born by a write`(isBare: Bool) throws {
        let workshop = try Workshop()
        try run(
            "git", ["init", "-q", "-b", "odd/name"] + (isBare ? ["--bare"] : []) + ["work"],
            in: workshop.folder.path)
        let work = try workshop.collection("work")
        #expect(try work.snapshot().version.description == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        try work.write("1", to: "a")
        #expect(try workshop.git("work", "ls-tree", "--name-only", "odd/name") == "a\n")
        let empty = try work.delete("a")
        #expect(empty.version.description == "4b825dc642cb6eb9a060e54bf8d69288fbee4904")
        #expect(try work.changes(from: empty.version, to: work.write("2", to: "b"))?.count == 1)
        try workshop.expectSound("work")
    }

    @Test func `a detached HEAD moves by itself`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        try workshop.git("work", "checkout", "-q", "--detach")
        try workshop.collection("work").write("2", to: "a")
        #expect(try workshop.git("work", "show", "HEAD:a") == "2")
        #expect(try workshop.git("work", "show", "master:a") == "1")
        try workshop.expectSound("work")
    }

    @Test func `what is no item stays in the tree, byte for byte`() throws {
        let workshop = try Workshop()
        try workshop.makeBare(
            "work", files: ["a": "1", "sub/z.ics": "z", ".xandikos": "[DEFAULT]\ntype = calendar\n"])
        let blob = try workshop.git("work", "hash-object", "-w", "--stdin", input: "x").dropLast()
        let sub = try workshop.git("work", "rev-parse", "HEAD:sub").dropLast()
        let commit = try workshop.git("work", "rev-parse", "HEAD").dropLast()
        let entries = [
            "100644 blob \(blob)\ta", "100755 blob \(blob)\trun.sh", "120000 blob \(blob)\tlink",
            "160000 commit \(commit)\tmodule",
            "040000 tree \(sub)\tsub", "100644 blob \(blob)\tsub.ics", "100644 blob \(blob)\tsub0",
            "100644 blob \(blob)\t\"\\377\\376.ics\"", "100664 blob \(blob)\tlegacy",
        ]
        let tree = try workshop.git("work", "mktree", input: entries.joined(separator: "\n") + "\n")
            .dropLast()
        let odd = try workshop.git("work", "commit-tree", "-m", "Odd", "-p", "HEAD", String(tree)).dropLast()
        try workshop.git("work", "update-ref", "HEAD", String(odd))
        let before = try workshop.git("work", "ls-tree", "HEAD")

        let work = try workshop.collection("work")
        #expect(try work.snapshot().names == ["a", "legacy", "run.sh", "sub.ics", "sub0"])
        #expect(try work.snapshot().item(named: name("sub")) == nil)
        #expect(throws: StoreError.exists) { try work.write("x", to: "sub") }
        #expect(throws: StoreError.exists) { try work.write("x", to: "link") }
        #expect(throws: StoreError.exists) { try work.write("x", to: "module") }
        try work.delete("link")
        try work.write("y", to: "b")
        try work.write("y", to: "sub-a")
        try work.write("y", to: "sub1")
        try work.write("#!", to: "run.sh")
        #expect(try workshop.git("work", "ls-tree", "HEAD", "run.sh").hasPrefix("100755"))
        _ = try work.update(by: ana) { _ in
            UpdatePlan(
                writes: [(name("run.sh"), [UInt8(ascii: "x")])], deletions: ["b", "sub-a", "sub1"].map(name),
                message: "Back")
        }
        #expect(try workshop.git("work", "ls-tree", "HEAD") == before)
        try workshop.expectSound("work", except: "badFilemode")
    }

    @Test func `nested repositories are containers of their own`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("home", files: ["a": "1"])
        try workshop.makeWorkTree("home/calendar", files: ["b": "2"])
        try FileManager.default.createDirectory(
            atPath: workshop.folder.path("home/plain"), withIntermediateDirectories: true)
        try workshop.makeBare("home.git")
        try workshop.makeBare("home.git/inner", files: ["c": "3"])
        let store = try workshop.store()
        #expect(try store.children(of: path("home")) == [name("calendar"), name("plain")])
        #expect(try store.kind(at: path("home/plain")) == .directory)
        #expect(try store.children(of: path("home.git")) == [name("inner")])
        #expect(try store.collection(at: path("home/calendar")).snapshot().names == ["b"])
        try store.collection(at: path("home")).write("x", to: "c")
        try workshop.expectSound("home")
        #expect(try store.collection(at: path("home.git/inner")).snapshot().names == ["c"])
    }

    @Test func `what belongs to Git is no container`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        try workshop.makeBare("bare")
        let store = try workshop.store()
        for text in [
            "work/.git", "work/.git/objects", "bare/objects", "bare/refs", "bare/refs/heads", "bare/hooks",
        ] {
            #expect(try store.kind(at: path(text)) == nil, "\(text)")
            #expect(throws: StoreError.notFound) { try store.collection(at: path(text)) }
            #expect(throws: StoreError.notFound) { try store.remove(path(text)) }
        }
        #expect(throws: StoreError.invalidName) {
            try store.makeCollection(at: path("bare/objects"), metadata: [:], by: ana)
        }
        try store.makeCollection(at: path("work/objects"), metadata: [:], by: ana)
        #expect(try store.children(of: path("work")) == [name("objects")])
    }

    @Test func `links lead no way out of the root`() throws {
        let workshop = try Workshop()
        let outside = try Workshop()
        try outside.makeWorkTree("secret", files: ["a": "1"])
        try workshop.makeWorkTree("inside", files: ["a": "1"])
        try workshop.makeWorkTree("hooked", files: ["a": "1"])
        let manager = FileManager.default
        for (link, target) in [
            ("out", outside.folder.path("secret")), ("up", ".."), ("in", "inside"), ("dangling", "nowhere"),
            ("git", "inside/.git"), ("self", "self"),
        ] {
            try manager.createSymbolicLink(atPath: workshop.folder.path(link), withDestinationPath: target)
        }
        try manager.removeItem(atPath: workshop.folder.path("hooked/.git"))
        try workshop.folder.write("gitdir: \(outside.folder.path("secret/.git"))\n", to: "hooked/.git")
        let store = try workshop.store()
        #expect(try store.children(of: .root) == [name("hooked"), name("in"), name("inside")])
        #expect(try store.kind(at: path("hooked")) == .directory)
        for text in ["out", "up", "dangling", "git", "self", "git/objects"] {
            #expect(try store.kind(at: path(text)) == nil, "\(text)")
        }
        #expect(try store.collection(at: path("in")).snapshot().names == ["a"])
    }

    @Test func `a linked work tree and a submodule below the root are served`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        try workshop.git("work", "worktree", "add", "-q", "-b", "side", "../linked")
        let linked = try workshop.collection("linked")
        try linked.write("2", to: "b")
        #expect(try workshop.git("work", "ls-tree", "--name-only", "side") == "a\nb\n")
        #expect(try workshop.collection("work").snapshot().names == ["a"])
        try workshop.expectSound("linked")
    }

    @Test func `a bare repository called .git has no files beside it`() throws {
        let workshop = try Workshop()
        try run("git", ["init", "-q", "--bare", "work/.git"], in: workshop.folder.path)
        let work = try workshop.collection("work")
        #expect(try work.write("1", to: "a").names == ["a"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: workshop.folder.path("work")) == [".git"])
        try workshop.expectSound("work")
    }

    @Test func `one damaged object spoils only its item`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["good": "1", "bad": "damaged"])
        let id = String(try workshop.git("work", "hash-object", "--stdin", input: "damaged").dropLast())
        let file = workshop.folder.path("work/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        if !FileManager.default.fileExists(atPath: file) { try workshop.git("work", "unpack-objects", "-q") }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: file))
        let work = try workshop.collection("work")
        let now = try work.snapshot()
        #expect(now.names == ["bad", "good"])
        #expect(try now.text("good") == "1")
        do {
            _ = try now.text("bad")
            Issue.record("a damaged object was read")
        } catch StoreError.damaged {}
        try work.write("new", to: "bad")
        #expect(try work.snapshot().text("bad") == "new")
    }

    @Test func `a repack by others does not disturb a reader`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1", "b": "2"])
        let work = try workshop.collection("work")
        let before = try work.write("3", to: "c")
        try workshop.git("work", "gc", "-q", "--prune=now")
        #expect(try before.text("a") == "1")
        try work.write("4", to: "d")
        try workshop.git("work", "repack", "-adfq")
        try workshop.git("work", "prune-packed")
        #expect(try before.text("c") == "3")
        #expect(try work.snapshot().names == ["a", "b", "c", "d"])
        #expect(try work.snapshot().text("d") == "4")
    }

    @Test func `commits made by others are seen at once`() throws {
        let workshop = try Workshop()
        try workshop.makeWorkTree("work", files: ["a": "1"])
        try workshop.makeBare("bare", files: ["a": "1"])
        let (work, bare) = (try workshop.collection("work"), try workshop.collection("bare"))
        #expect(try work.snapshot().names == ["a"])
        #expect(try bare.snapshot().names == ["a"])
        try workshop.folder.write("2", to: "work/b")
        try workshop.git("work", "add", "b")
        try workshop.git("work", "commit", "-qm", "By hand")
        #expect(try work.snapshot().names == ["a", "b"])
        // Their first commits are the same only if made in the same second.
        try workshop.git("work", "push", "-q", "../bare", "+HEAD:master")
        #expect(try bare.snapshot().names == ["a", "b"])
    }
}

@Suite("Names Git refuses") struct GitNameTests {
    @Test(arguments: [
        ".git", ".Git", ".git ", ".git.", ".gitmodules", ".GITattributes", "git~1", "GIT~1", "git~1 .",
        "GITMOD~1", "gi7eba~1",
        "gi7d29~1", "gi~12345", ".g\u{200c}it", "x\\.git", "x\\git~1", ".git::$INDEX_ALLOCATION", "git~1:x",
    ])
    func `are not written`(text: String) throws {
        let workshop = try Workshop()
        try workshop.makeBare("work", files: ["a": "1"])
        #expect(throws: StoreError.invalidName) { try workshop.collection("work").write("x", to: text) }
    }

    @Test func `are few: what only looks like them is fine, and sound`() throws {
        let workshop = try Workshop()
        try workshop.makeBare("work")
        let names = [
            "gift~1.ics", "git", "digit~1", "a.git", "gitmodules", "a\\b", "~", "gi", "%2F", "a:b", " a ",
            "new\nline", "ä", "a\u{308}",
            "con", ".hidden", "x.lock", "HEAD", "objects", String(repeating: "n", count: 255),
        ]
        for text in names { try workshop.collection("work").write("x", to: text) }
        #expect(try workshop.collection("work").snapshot().items.count == names.count)
        try workshop.expectSound("work")
    }
}
