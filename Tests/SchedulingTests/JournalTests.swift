import CalDAV
import ContentLine
import Foundation
import GitStore
import HTTP
import ICalendar
import Scheduling
import Server
import Store
import TestSupport
import Testing

@Suite("Messages outlive their process, RFC 6638 §3") struct JournalTests {
    private static let meeting = """
        BEGIN:VCALENDAR\r
        VERSION:2.0\r
        PRODID:-//Test//EN\r
        BEGIN:VEVENT\r
        UID:lunch\r
        DTSTAMP:20260101T000000Z\r
        DTSTART:20300105T110000Z\r
        ORGANIZER:mailto:ana@example.com\r
        ATTENDEE:mailto:bob@example.com\r
        END:VEVENT\r
        END:VCALENDAR\r

        """

    @Test func `records are kept until they are finished, by one process at a time`() throws {
        let folder = try TemporaryFolder()
        let one = FileJournal(root: folder.path, fsync: false)
        let other = FileJournal(root: folder.path, fsync: false)
        #expect(try other.takeOver().isEmpty)
        var first: JournalEntry? = try one.add([1, 2, 3])
        let second = try one.add([4])
        #expect(try other.takeOver().isEmpty)
        try one.finish(second)
        // The process ends here.
        withExtendedLifetime(first) {}
        first = nil
        let taken = try other.takeOver()
        #expect(taken.map(\.record) == [[1, 2, 3]])
        #expect(try one.takeOver().isEmpty)
        if let entry = taken.first?.entry { try other.finish(entry) }
        #expect(try FileJournal(root: folder.path, fsync: false).takeOver().isEmpty)
    }

    /// Ana and Bob.
    private func world() throws -> ScenarioWorld {
        try ScenarioWorld(
            Scenario(
                file: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                    "Scenarios/organizer/who-is-invited-has-the-event.itip"
                ).path))
    }

    /// Does what Ana does while nothing can be delivered to Bob, as if her process ended right after it.
    private func interrupted(_ world: ScenarioWorld, _ methods: String...) throws {
        let store = try GitCollectionStore(root: world.folder)
        let path = StorePath(["bob", "calendars", "calendar"].compactMap { ItemName($0) })
        var statuses: [Int] = []
        try store.collection(at: path).withLock {
            for method in methods {
                let body = method == "PUT" ? Self.meeting : ""
                statuses.append(
                    world.send(method, "/ana/calendars/calendar/lunch.ics", as: "ana", [:], body).status.code)
            }
        }
        #expect(statuses.allSatisfy { $0 < 300 })
    }

    /// Makes of the record of a change that of a process that ended before it: of an entry that no history has.
    private func unmake(_ world: ScenarioWorld, keeping isKept: Bool) throws -> URL {
        let journal = URL(fileURLWithPath: world.folder + "/.artemisios/journal")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: journal.path).first)
        var record = Array(try Data(contentsOf: journal.appendingPathComponent(name)))
        let id = try #require(
            record.indices.dropLast(40).first { start in
                record[start..<start + 40].allSatisfy {
                    (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
                }
            })
        record.replaceSubrange(id..<id + 40, with: repeatElement(UInt8(ascii: "0"), count: 40))
        try Data(record).write(to: journal.appendingPathComponent("0-1-1"))
        if !isKept { try FileManager.default.removeItem(at: journal.appendingPathComponent(name)) }
        return journal
    }

    private func path(_ names: String...) -> StorePath { StorePath(names.compactMap { ItemName($0) }) }

    @Test(arguments: [false, true])
    func `what was made is told, though its calendar was moved`(_ isReplaced: Bool) throws {
        let world = try world()
        try interrupted(world, "PUT")
        let store = try GitCollectionStore(root: world.folder)
        try store.move(path("ana", "calendars", "calendar"), to: path("ana", "calendars", "old"))
        if isReplaced {
            try store.makeCollection(
                at: path("ana", "calendars", "calendar"), metadata: [:],
                by: Author(name: "Ana", email: "ana@example.com"))
        }
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(try world.newMessages(of: "bob").map(\.message.method) == [.request])
    }

    @Test(arguments: ["move", "remove"])
    func `what was not made is not told, though its calendar is gone`(_ how: String) throws {
        let world = try world()
        try interrupted(world, "PUT")
        let journal = try unmake(world, keeping: false)
        let store = try GitCollectionStore(root: world.folder)
        let calendar = path("ana", "calendars", "calendar")
        if how == "move" {
            try store.move(calendar, to: path("ana", "calendars", "old"))
        } else {
            try store.remove(calendar)
        }
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(try world.newMessages(of: "bob").isEmpty)
        #expect(world.path(of: "lunch", "bob") == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: journal.path).isEmpty)
    }

    @Test func `what was cancelled is told, though its calendar is gone with its history`() throws {
        let world = try world()
        _ = world.send("PUT", "/ana/calendars/calendar/lunch.ics", as: "ana", [:], Self.meeting)
        #expect(try world.newMessages(of: "bob").count == 1)
        try interrupted(world, "DELETE")
        try GitCollectionStore(root: world.folder).remove(path("ana", "calendars", "calendar"))
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(Set(try world.newMessages(of: "bob").map(\.message.method)) == [.request, .cancel])
    }

    @Test func `what was not made is not told, though the same was made by another process`() throws {
        let world = try world()
        try interrupted(world, "PUT")
        let journal = try unmake(world, keeping: true)
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(try world.newMessages(of: "bob").count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: journal.path).isEmpty)
    }

    @Test func `what was made is told, though it was undone by another process`() throws {
        let world = try world()
        try interrupted(world, "PUT", "DELETE")
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(Set(try world.newMessages(of: "bob").map(\.message.method)) == [.request, .cancel])
        let left = try #require(try world.object("lunch", "bob"))
        #expect(left.components.contains { $0.property("STATUS")?.value == "CANCELLED" })
    }

    @Test func `what cannot be delivered now is delivered by the next process`() throws {
        let world = try world()
        try interrupted(world, "PUT")
        #expect(world.path(of: "lunch", "bob") == nil)
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(world.path(of: "lunch", "bob") != nil)
        #expect(try world.newMessages(of: "bob").count == 1)
        // All is done: another process finds nothing to do.
        #expect(try FileJournal(root: world.folder).takeOver().isEmpty)
    }

    @Test func `messages go from an inbox when they are old, and stay when they are not`() throws {
        let world = try world()
        let inbox = try GitCollectionStore(root: world.folder).collection(
            at: StorePath(["bob", "inbox"].compactMap { ItemName($0) }))
        let names = ["20200101T000000Z-old.ics", "20990101T000000Z-new.ics", "made-by-others.ics"]
        _ = try inbox.update(by: Author(name: "Bob", email: "bob@example.com")) { _ in
            UpdatePlan(
                writes: names.compactMap { ItemName($0) }.map { (name: $0, bytes: Array(Self.meeting.utf8)) },
                message: "Messages")
        }
        _ = world.send("PUT", "/ana/calendars/calendar/lunch.ics", as: "ana", [:], Self.meeting)
        let left = try inbox.snapshot().items.map(\.name.description)
        #expect(left.count == 3)
        #expect(!left.contains("20200101T000000Z-old.ics"))
    }
}
