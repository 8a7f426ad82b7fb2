import Foundation
import GitStore
import Maintenance
import Store
import TestSupport
import Testing

@Suite("Looking for what is wrong") struct StoreCheckTests {
    let folder: TemporaryFolder
    let ana = Author(name: "Ana", email: "ana@example.org")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func store(worktree: Bool = false) throws -> GitCollectionStore {
        try GitCollectionStore(root: folder.path, options: GitStoreOptions(fsync: false, worktree: worktree))
    }

    private func path(_ text: String) throws -> StorePath {
        StorePath([try #require(ItemName(text))])
    }

    private func event(_ uid: String) -> String {
        """
        BEGIN:VCALENDAR\r
        VERSION:2.0\r
        PRODID:-//Example//EN\r
        BEGIN:VEVENT\r
        UID:\(uid)\r
        DTSTAMP:20260101T000000Z\r
        DTSTART:20260102T100000Z\r
        SUMMARY:Tea\r
        END:VEVENT\r
        END:VCALENDAR\r

        """
    }

    /// Makes a collection `work` with the items.
    @discardableResult
    private func make(_ items: [(String, String)], worktree: Bool = false) throws -> GitCollectionStore {
        let store = try store(worktree: worktree)
        try store.makeCollection(at: path("work"), metadata: [:], by: ana)
        _ = try store.collection(at: path("work")).update(by: ana) { _ in
            UpdatePlan(
                writes: items.compactMap { name, text in ItemName(name).map { ($0, Array(text.utf8)) } },
                message: "Start")
        }
        return store
    }

    private func findings(isRepairing: Bool = false) throws -> [String] {
        var lines: [String] = []
        _ = StoreCheck(try store(), isRepairing: isRepairing).run { lines.append("\($0)") }
        return lines
    }

    private func age(_ file: String, seconds: TimeInterval) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -seconds)], ofItemAtPath: folder.path(file))
    }

    @Test(arguments: [true, false]) func `nothing is found where nothing is wrong`(worktree: Bool) throws {
        try make([("a.ics", event("a")), ("b.ics", event("b")), ("note.txt", "x")], worktree: worktree)
        #expect(try findings() == [])
        #expect(StoreCheck(try store()).run { _ in } == 1)
    }

    @Test func `objects that cannot be read and UIDs held twice are found`() throws {
        try make([
            ("a.ics", event("same")), ("b.ics", event("same")), ("c.ics", "no calendar"),
            ("d.vcf", "no card"),
        ])
        let found = try findings()
        #expect(found.count == 3, "\(found)")
        #expect(found.contains("/work/b.ics: it has the UID of a.ics: same"))
        #expect(found.contains { $0.hasPrefix("/work/c.ics: it is no calendar object") })
        #expect(found.contains { $0.hasPrefix("/work/d.vcf: it is no card") })
        // Whose bytes are right cannot be known.
        #expect(try findings(isRepairing: true) == found)
    }

    @Test func `a damaged object is found`() throws {
        let store = try make([("a.ics", event("a"))])
        let item = try #require(try store.collection(at: path("work")).snapshot().items.first)
        let id = item.version.description
        let file = folder.path("work/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        try FileManager.default.removeItem(atPath: file)
        let found = try findings(isRepairing: true)
        #expect(found.contains { $0.contains("git fsck: missing blob \(id)") }, "\(found)")
        #expect(found.contains { $0.hasPrefix("/work/a.ics: ") }, "\(found)")
        #expect(!found.contains { $0.contains("repaired") })
    }

    @Test func `an inbox has messages, not calendar objects`() throws {
        let store = try store()
        let message = event("same").replacingOccurrences(
            of: "BEGIN:VEVENT", with: "METHOD:REQUEST\r\nBEGIN:VEVENT")
        for (name, type) in [("inbox", "schedule-inbox"), ("work", "calendar")] {
            try store.makeCollection(at: path(name), metadata: [.type: type], by: ana)
            _ = try store.collection(at: path(name)).update(by: ana) { _ in
                UpdatePlan(
                    writes: ["a.ics", "b.ics"].compactMap { ItemName($0) }.map { ($0, Array(message.utf8)) },
                    message: "Two")
            }
        }
        let found = try findings()
        #expect(!found.isEmpty && found.allSatisfy { $0.hasPrefix("/work/") }, "\(found)")
    }

    @Test func `what nobody will finish is removed`() throws {
        try make([("a.ics", event("a"))])
        let mine = "work/.artemisios-new-\(getpid())-1"
        // No process has a number as high as this.
        let (old, young) = ("work/.artemisios-new-2000000000-1", "work/.artemisios-new-2000000000-2")
        for name in [mine, old, young] {
            try folder.write("", to: name + "/HEAD")
            if name != young { try age(name, seconds: 7200) }
        }
        #expect(try findings() == ["/work: .artemisios-new-2000000000-1 was never finished"])
        #expect(try findings(isRepairing: true).allSatisfy { $0.hasSuffix("(repaired)") })
        #expect(try findings() == [])
        for name in [mine, young] { #expect(FileManager.default.fileExists(atPath: folder.path(name))) }
        #expect(!FileManager.default.fileExists(atPath: folder.path(old)))
    }

    @Test func `what a dead process left is removed, what is young stays`() throws {
        try make([("a.ics", event("a"))])
        let old = ["work/HEAD.lock", "work/refs/heads/master.lock", "work/objects/pack/tmp_pack_x"]
        for name in old {
            try folder.write("", to: name)
            try age(name, seconds: 7200)
        }
        try folder.write("", to: "work/config.lock")
        let found = try findings()
        #expect(found.count == 3 && found.allSatisfy { $0.hasSuffix("was left 120 minutes ago") }, "\(found)")
        for name in old { #expect(FileManager.default.fileExists(atPath: folder.path(name))) }
        #expect(try findings(isRepairing: true).allSatisfy { $0.hasSuffix("(repaired)") })
        #expect(try findings() == [])
        for name in old { #expect(!FileManager.default.fileExists(atPath: folder.path(name))) }
        #expect(FileManager.default.fileExists(atPath: folder.path("work/config.lock")))
    }

    @Test func `a file edited by hand is found, and committed by a repair`() throws {
        let store = try make([("a.ics", event("a"))], worktree: true)
        let before = try store.committedSnapshot(of: path("work")).version
        try folder.write(event("other"), to: "work/a.ics")
        let sentence = "/work: a.ics is not the same in the folder, the index and the history"
        #expect(try findings() == [sentence])
        #expect(try store.committedSnapshot(of: path("work")).version == before)
        #expect(try findings(isRepairing: true) == [sentence + " (repaired)"])
        #expect(try findings() == [])
        let snapshot = try store.collection(at: path("work")).snapshot()
        let item = try #require(snapshot.items.first)
        #expect(String(decoding: try snapshot.bytes(of: item.version), as: UTF8.self) == event("other"))
    }
}
