import GitStore
import HTTP
import Server
import Store
import TestSupport
import Testing
import WebDAV

@Suite("A whole file into a collection") struct ImportTests {
    private static func document(_ uids: Range<Int>, _ summary: String) -> String {
        let events = uids.map {
            "BEGIN:VEVENT\r\nUID:\($0)\r\nDTSTART:20260105T100000Z\r\nSUMMARY:\(summary)\r\nEND:VEVENT\r\n"
        }
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\(events.joined())END:VCALENDAR\r\n"
    }

    private static let path = ["user", "calendars", "calendar"].compactMap(ItemName.init)

    private static func history(of server: TestServer) throws -> [HistoryEntry] {
        let store = try GitCollectionStore(root: server.folder)
        return try store.collection(at: StorePath(path)).history(from: nil, limit: 100) ?? []
    }

    @Test func `all of it is one entry of the history, made by a request or by the owner of the files`()
        throws
    {
        let server = try TestServer()
        let before = try Self.history(of: server).count
        let answer = server.send(
            "POST", "/user/calendars/calendar/", fields: ["Content-Type": "text/calendar"],
            body: Self.document(0..<500, "First"))
        #expect(answer.status == .multiStatus)
        #expect(answer.text.split(separator: "201 Created").count == 501)
        #expect(try Self.history(of: server).count == before + 1)

        var configuration = Configuration()
        configuration.directory = server.folder
        let dispatcher = try Dispatcher(configuration, log: AccessLog(.text))
        let outcomes = try dispatcher.importDocument(
            Array(Self.document(400..<600, "Second").utf8), into: StorePath(Self.path),
            by: Author(name: "ana", email: "ana@localhost"))
        #expect(
            outcomes.map(\.status) == Array(repeating: .noContent, count: 100)
                + Array(repeating: .created, count: 100))
        let history = try Self.history(of: server)
        #expect(history.count == before + 2)
        #expect(history.first?.message.contains("Import 200 objects") == true)
        #expect(server.send("GET", "/user/calendars/calendar/450.ics").text.contains("SUMMARY:Second"))
        #expect(server.send("GET", "/user/calendars/calendar/399.ics").text.contains("SUMMARY:First"))

        // Once more: nothing changes, and no entry is made.
        _ = try dispatcher.importDocument(
            Array(Self.document(400..<600, "Second").utf8), into: StorePath(Self.path),
            by: Author(name: "ana", email: "ana@localhost"))
        #expect(try Self.history(of: server).count == before + 2)
    }
}
