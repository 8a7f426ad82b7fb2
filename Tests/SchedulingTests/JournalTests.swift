import CalDAV
import Foundation
import GitStore
import HTTP
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

    @Test func `what cannot be delivered now is delivered by the next process`() throws {
        let scenario = Scenario(
            file: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Scenarios/organizer/who-is-invited-has-the-event.itip"
            ).path)
        let world = try ScenarioWorld(scenario)
        let store = try GitCollectionStore(root: world.folder)
        let path = StorePath(["bob", "calendars", "calendar"].compactMap { ItemName($0) })
        var status: Int?
        try store.collection(at: path).withLock {
            status =
                world.send("PUT", "/ana/calendars/calendar/lunch.ics", as: "ana", [:], Self.meeting).status
                .code
        }
        #expect(status == 201)
        #expect(world.path(of: "lunch", "bob") == nil)
        try world.restart()
        _ = world.send("OPTIONS", "/ana/", as: "ana")
        #expect(world.path(of: "lunch", "bob") != nil)
        #expect(try world.newMessages(of: "bob").count == 1)
        // All is done: another process finds nothing to do.
        #expect(try FileJournal(root: world.folder).takeOver().isEmpty)
    }

    @Test func `messages go from an inbox when they are old, and stay when they are not`() throws {
        let scenario = Scenario(
            file: URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Scenarios/organizer/who-is-invited-has-the-event.itip"
            ).path)
        let world = try ScenarioWorld(scenario)
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
