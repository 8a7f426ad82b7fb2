import Foundation
import HTTP
import Server
import TestSupport
import Testing

@Suite("The index of objects, as the server uses it") struct EagerIndexTests {
    private static let event = """
        BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:one\r\nDTSTAMP:20260101T000000Z\r\n\
        DTSTART:20260105T100000Z\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n
        """
    private static let query = """
        <C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns="DAV:"><prop><getetag/></prop><C:filter>\
        <C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="SUMMARY">\
        <C:text-match>lunch</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter>\
        </C:calendar-query>
        """

    private func records(of server: TestServer) -> String { server.folder + "/.artemisios/index/records" }

    private func send(_ server: TestServer) -> Answer {
        server.send(
            "REPORT", "/user/calendars/calendar/",
            fields: ["Depth": "1", "Content-Type": "application/xml"], body: Self.query)
    }

    private func put(_ server: TestServer, _ name: String, uid: String) {
        let answer = server.send(
            "PUT", "/user/calendars/calendar/\(name)", fields: ["Content-Type": "text/calendar"],
            body: Self.event.replacingOccurrences(of: "UID:one", with: "UID:\(uid)"))
        #expect(answer.status == .created)
    }

    @Test func `it is filled before the first request`() throws {
        let server = try TestServer()
        put(server, "one.ics", uid: "one")
        try FileManager.default.removeItem(atPath: records(of: server))
        var configuration = Configuration()
        configuration.directory = server.folder
        let dispatcher = try Dispatcher(configuration, log: AccessLog(.text))
        #expect(!FileManager.default.fileExists(atPath: records(of: server)))
        dispatcher.fillIndex()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: records(of: server)))
        #expect(bytes.range(of: Data("Lunch".utf8)) != nil)
    }

    @Test func `removing or spoiling it between requests changes no answer`() throws {
        let server = try TestServer()
        for round in 0..<20 {
            put(server, "e\(round).ics", uid: "u\(round)")
            if round % 3 == 1 {
                try FileManager.default.removeItem(atPath: server.folder + "/.artemisios/index")
            } else if round % 3 == 2, let file = FileHandle(forWritingAtPath: records(of: server)) {
                try file.seek(toOffset: UInt64(round % 2) * 4096)
                try file.write(contentsOf: Data(repeating: 0xA5, count: 8192))
                try file.close()
            }
            let answer = send(server)
            #expect(answer.status == .multiStatus)
            #expect(answer.text.components(separatedBy: "getetag>").count / 2 == round + 1)
            let taken = server.send(
                "PUT", "/user/calendars/calendar/other.ics", fields: ["Content-Type": "text/calendar"],
                body: Self.event.replacingOccurrences(of: "UID:one", with: "UID:u\(round)"))
            #expect(taken.status == .forbidden)
        }
    }
}
