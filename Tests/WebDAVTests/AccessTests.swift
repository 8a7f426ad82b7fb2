import Foundation
import HTTP
import Server
import Store
import TestSupport
import Testing
import XML

@testable import WebDAV

@Suite("Who may do what, RFC 3744") struct AccessTests {
    private static let tree = PrivilegeTree(Feature.accessControl.privileges)

    @Test func `an aggregate is there when all of its parts are`() throws {
        let write = try #require(Self.tree.privileges(named: .dav("write")))
        #expect(write == [.writeProperties, .writeContent, .bind, .unbind])
        #expect(Self.tree.names(in: write).contains(.dav("write")))
        #expect(!Self.tree.names(in: write.subtracting(.bind)).contains(.dav("write")))
        #expect(Self.tree.privileges(named: .dav("all")) == .all.intersection(Privileges(rawValue: 1023)))
        #expect(Self.tree.privileges(named: .dav("dance")) == nil)
    }

    @Test(arguments: [
        "grant /bob/ read", "deny /bob/ write-content; grant /Ren%C3%A9%20X/ read,write",
        "grant authenticated read; grant owner all; grant self read-acl",
    ])
    func `a list is written as it was read`(text: String) throws {
        #expect(AccessControlList(text, Self.tree)?.text == text)
    }

    @Test(arguments: [
        "grant /bob/", "allow /bob/ read", "grant bob read", "grant /bob/ dance", "grant /../x/ read",
        "grant /bob/ read; x", "grant /.git/ read",
    ])
    func `a list that cannot be read grants nothing`(text: String) {
        #expect(AccessControlList(text, Self.tree) == nil)
    }

    @Test func `people write lists with spaces and line ends as they like`() throws {
        let list = try #require(AccessControlList(" grant  /bob/ read, write ;\n deny /c/ all;", Self.tree))
        #expect(list.text == "grant /bob/ read,write; deny /c/ all")
    }

    /// Several workers over one data root.
    private struct Workers {
        let server: TestServer
        let other: Dispatcher

        init() throws {
            server = try TestServer(multiUser: true)
            var configuration = Configuration()
            configuration.directory = server.folder
            configuration.multiUser = true
            configuration.noFsync = true
            other = try Dispatcher(configuration, log: AccessLog(.text))
            for user in ["ana", "bob"] { _ = server.send("OPTIONS", "/\(user)/", user: user) }
        }

        func status(_ method: String, _ target: String, as user: String, body: String = "") -> Int {
            let request = Request(
                method: Method(method), target: target, remoteUser: user,
                body: RequestBody(Array(body.utf8)))
            return other.respond(to: request).status.code
        }

        func share(_ privilege: String?) -> Int {
            let ace = privilege.map {
                "<D:ace><D:principal><D:href>/bob/</D:href></D:principal>"
                    + "<D:grant><D:privilege><D:\($0)/></D:privilege></D:grant></D:ace>"
            }
            return server.send(
                "ACL", "/ana/calendars/calendar/", user: "ana",
                body: "<D:acl xmlns:D=\"DAV:\">\(ace ?? "")</D:acl>"
            ).status.code
        }
    }

    @Test func `what one worker changes counts for all at once`() throws {
        let workers = try Workers()
        for _ in 0..<3 {
            #expect(workers.status("GET", "/ana/calendars/calendar/", as: "bob") == 403)
            #expect(workers.share("read") == 200)
            #expect(workers.status("GET", "/ana/calendars/calendar/", as: "bob") == 200)
            #expect(workers.status("GET", "/bob/calendars/ana-calendar/", as: "bob") == 200)
            #expect(workers.share(nil) == 200)
            #expect(workers.status("GET", "/bob/calendars/ana-calendar/", as: "bob") == 404)
        }
    }

    @Test func `a group is made in the settings of a principal, and groups may be in groups`() throws {
        let workers = try Workers()
        for user in ["team", "all", "carl"] { _ = workers.server.send("OPTIONS", "/\(user)/", user: user) }
        func write(_ members: String, of group: String) throws {
            try Array("[principal]\ngroup-member-set = \(members)\n".utf8).write(
                to: workers.server.folder + "/\(group)/.xandikos")
        }
        try write("/bob/", of: "team")
        // A circle ends.
        try write("/team/, /all/", of: "all")
        let body =
            "<D:acl xmlns:D=\"DAV:\"><D:ace><D:principal><D:href>/all/</D:href></D:principal>"
            + "<D:grant><D:privilege><D:read/></D:privilege></D:grant></D:ace></D:acl>"
        #expect(workers.status("ACL", "/ana/calendars/", as: "ana", body: body) == 200)
        #expect(workers.status("GET", "/ana/calendars/calendar/", as: "bob") == 200)
        #expect(workers.status("GET", "/bob/calendars/ana-calendar/", as: "bob") == 200)
        #expect(workers.status("GET", "/ana/calendars/calendar/", as: "carl") == 403)
        try write("", of: "team")
        #expect(workers.status("GET", "/ana/calendars/calendar/", as: "bob") == 403)
    }

    @Test func `what is new in a shared home shows too, and what moves is followed`() throws {
        let workers = try Workers()
        let body =
            "<D:acl xmlns:D=\"DAV:\"><D:ace><D:principal><D:href>/bob/</D:href></D:principal>"
            + "<D:grant><D:privilege><D:read/></D:privilege></D:grant></D:ace></D:acl>"
        #expect(workers.status("ACL", "/ana/calendars/", as: "ana", body: body) == 200)
        #expect(workers.status("MKCALENDAR", "/ana/calendars/new/", as: "ana") == 201)
        #expect(workers.status("GET", "/bob/calendars/ana-new/", as: "bob") == 200)
        let move = workers.server.send(
            "MOVE", "/ana/calendars/new/", user: "ana", fields: ["Destination": "/ana/calendars/old/"])
        #expect(move.status.code == 201)
        #expect(workers.status("GET", "/bob/calendars/ana-new/", as: "bob") == 404)
        #expect(workers.status("GET", "/bob/calendars/ana-old/", as: "bob") == 200)
        #expect(workers.status("DELETE", "/ana/calendars/old/", as: "ana") == 204)
        let listing = workers.server.send("PROPFIND", "/bob/calendars/", user: "bob", fields: ["Depth": "1"])
        #expect(!listing.text.contains("ana-old"))
    }
}

extension [UInt8] {
    /// Writes a file.
    fileprivate func write(to path: String) throws {
        try String(decoding: self, as: UTF8.self).write(toFile: path, atomically: true, encoding: .utf8)
    }
}
