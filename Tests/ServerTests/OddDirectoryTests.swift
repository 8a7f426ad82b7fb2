import Foundation
import HTTP
import TestSupport
import Testing

@Suite("Directories with something odd in them") struct OddDirectoryTests {
    @Test func `damaged settings and stray files fail no listing`() throws {
        let server = try TestServer()
        #expect(server.send("MKCALENDAR", "/user/calendars/good/").status.code == 201)
        let calendars = server.folder + "/user/calendars"
        try FileManager.default.createDirectory(
            atPath: calendars + "/odd", withIntermediateDirectories: false)
        try Data("[DEFAULT\ntype = \0 nonsense".utf8).write(to: URL(filePath: calendars + "/odd/.xandikos"))
        try Data("a note".utf8).write(to: URL(filePath: calendars + "/note.txt"))

        let listing = server.send(
            "PROPFIND", "/user/calendars/", fields: ["Depth": "1"],
            body: #"<propfind xmlns="DAV:"><prop><resourcetype/></prop></propfind>"#)
        #expect(listing.status.code == 207)
        for name in ["calendar", "good", "odd"] {
            #expect(listing.text.contains("href>/user/calendars/\(name)/</"), "\(name)")
        }
        #expect(!listing.text.contains("note.txt"))
    }
}
