import HTTP
import TestSupport
import Testing

@Suite("Properties that the server only keeps, RFC 4918 §4.2") struct DeadPropertiesTests {
    private static func update(_ property: String) -> String {
        "<propertyupdate xmlns=\"DAV:\"><set><prop>\(property)</prop></set></propertyupdate>"
    }

    private static func allProperties(_ server: TestServer, _ target: String, _ form: String) -> String {
        server.send(
            "PROPFIND", target, fields: ["Depth": "0"],
            body: "<propfind xmlns=\"DAV:\"><\(form)/></propfind>"
        ).text
    }

    @Test(arguments: Exchange.all("dead-properties"))
    func exchange(_ exchange: Exchange) throws { try exchange.replay() }

    @Test func `allprop and propname list them`() throws {
        let server = try TestServer()
        #expect(server.send("MKCOL", "/user/files/").status == .created)
        #expect(server.send("PUT", "/user/files/a", body: "a").status == .created)
        for target in ["/user/files/", "/user/files/a", "/user/"] {
            let body = Self.update("<mood xmlns=\"urn:example\">good</mood>")
            #expect(server.send("PROPPATCH", target, body: body).text.contains("200 OK"))
            #expect(Self.allProperties(server, target, "allprop").contains(">good</"))
            let names = Self.allProperties(server, target, "propname")
            #expect(names.contains("mood") && !names.contains("good"))
        }
    }

    @Test(arguments: ["/user/files/", "/user/files/a"])
    func `the prefixes that a value may use are kept`(target: String) throws {
        let server = try TestServer()
        server.send("MKCOL", "/user/files/")
        server.send("PUT", "/user/files/a", body: "a")
        let body = Self.update("<t xmlns=\"urn:example\" xmlns:xs=\"urn:schema\">xs:integer</t>")
        #expect(server.send("PROPPATCH", target, body: body).status == .multiStatus)
        let answer = Self.allProperties(server, target, "allprop")
        #expect(answer.contains("xmlns:xs=\"urn:schema\"") && answer.contains(">xs:integer<"))
    }

    @Test(arguments: ["/user/files/", "/user/files/a"])
    func `too many or too large ones are refused with 507`(target: String) throws {
        let server = try TestServer()
        server.send("MKCOL", "/user/files/")
        server.send("PUT", "/user/files/a", body: "a")
        let large = Self.update("<x xmlns=\"urn:x\">\(String(repeating: "x", count: 200_000))</x>")
        let refused = server.send("PROPPATCH", target, body: large).text
        #expect(refused.contains("507") && refused.contains("quota-not-exceeded"))
        let many = (0..<201).map { "<x\($0) xmlns=\"urn:x\"/>" }.joined()
        #expect(server.send("PROPPATCH", target, body: Self.update(many)).text.contains("507"))
        #expect(!Self.allProperties(server, target, "allprop").contains("urn:x"))
    }

    @Test(arguments: [false, true])
    func `they survive a restart and a copy of their collection`(worktree: Bool) throws {
        let server = try TestServer(worktree: worktree)
        server.send("MKCOL", "/user/files/")
        server.send("PUT", "/user/files/a", body: "a")
        let body = Self.update("<mood xmlns=\"urn:example\">good</mood>")
        #expect(server.send("PROPPATCH", "/user/files/a", body: body).status == .multiStatus)
        #expect(
            server.send("COPY", "/user/files/", fields: ["Destination": "/user/twin/"]).status == .created)
        let later = try server.restarted()
        for target in ["/user/files/a", "/user/twin/a"] {
            #expect(Self.allProperties(later, target, "allprop").contains(">good</"))
        }
        // Also after a write, which finds what is not as the last commit has it.
        #expect(later.send("PUT", "/user/twin/b", body: "b").status == .created)
        #expect(Self.allProperties(later, "/user/twin/a", "allprop").contains(">good</"))
        #expect(later.send("PROPFIND", "/user/twin/.artemisios-properties/a").status == .notFound)
    }
}
