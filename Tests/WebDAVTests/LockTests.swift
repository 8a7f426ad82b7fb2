import Foundation
import HTTP
import Server
import Store
import TestSupport
import Testing
import WebDAV
import XML

@Suite("Locks, RFC 4918 §6 and §7") struct LockTests {
    private static let body = """
        <lockinfo xmlns="DAV:"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>
        """

    @Test(arguments: Exchange.all("locks"))
    func exchange(_ exchange: Exchange) throws { try exchange.replay() }

    @Test(arguments: Exchange.all("if"))
    func conditions(_ exchange: Exchange) throws { try exchange.replay() }

    @Test func `all workers know a lock, also after a restart`() throws {
        let server = try TestServer()
        let other = try server.restarted()
        #expect(server.send("MKCOL", "/user/files/").status == .created)
        let owner = "<owner xmlns=\"DAV:\" xmlns:x=\"urn:x\">Anä <x:y z=\"&quot;\"/>\n x:z</owner>"
        let body = Self.body.replacingOccurrences(of: "</lockinfo>", with: owner + "</lockinfo>")
        let answer = server.send("LOCK", "/user/files/a%20b.txt", body: body)
        #expect(answer.status == .created)
        let token = try #require(answer.fields["Lock-Token"])
        #expect(other.send("PUT", "/user/files/a%20b.txt", body: "x").status == .locked)
        let later = try server.restarted()
        #expect(later.send("DELETE", "/user/files/a%20b.txt").status == .locked)
        let found = later.send("PROPFIND", "/user/files/a%20b.txt", fields: ["Depth": "0"]).text
        #expect(found.contains("Anä <x:y z=\"&quot;\"/>\n x:z</owner>"))
        #expect(
            later.send("PUT", "/user/files/a%20b.txt", fields: ["If": "(\(token))"], body: "x").status
                == .noContent)
        #expect(
            later.send("UNLOCK", "/user/files/a%20b.txt", fields: ["Lock-Token": token]).status == .noContent)
        #expect(other.send("PUT", "/user/files/a%20b.txt", body: "y").status == .noContent)
    }

    @Test func `a lock ends when its time is over, and only its holder can use it`() throws {
        let store = MemoryCollectionStore()
        let ana = try #require(ItemName("ana"))
        let bob = try #require(ItemName("bob"))
        let author = Author(name: "Ana", email: "ana@example.org")
        try store.makeCollection(at: StorePath([ana]), metadata: [:], by: author)
        func send(
            _ method: Method, at time: Int64, user: ItemName? = nil, fields: Fields = [:], body: String = ""
        ) throws -> (status: Status, token: String?) {
            let features = FeatureSet([.webDAV, .locks])
            let context = Context(
                store: store, features: features, principals: .single(.root),
                user: user.map { StorePath([$0]) },
                author: author, prefix: Path(segments: [], endsInSlash: true), limits: Limits(), now: time,
                log: { _ in })
            let request = Request(
                method: method, target: "/ana/a", fields: fields, body: RequestBody(Array(body.utf8)))
            let handler = try #require(features.handler(for: method))
            do {
                let path = Path(segments: ["ana", "a"], endsInSlash: false)
                let response = try handler.handle(request, path, context)
                return (response.status, response.fields["Lock-Token"])
            } catch {
                return (error.status, nil)
            }
        }
        let locked = try send(.lock, at: 1000, user: ana, fields: ["Timeout": "Second-60"], body: Self.body)
        #expect(locked.status == .created)
        let token = try #require(locked.token)
        #expect(try send(.put, at: 1059, user: ana).status == .locked)
        #expect(try send(.put, at: 1059, user: bob, fields: ["If": "(\(token))"]).status == .locked)
        #expect(try send(.put, at: 1059, user: ana, fields: ["If": "(\(token))"]).status == .noContent)
        #expect(
            try send(.lock, at: 1059, user: bob, fields: ["If": "(\(token))"]).status == .preconditionFailed)
        #expect(
            try send(.lock, at: 1059, user: ana, fields: ["If": "(\(token))", "Timeout": "Second-60"]).status
                == .ok)
        #expect(try send(.put, at: 1118, user: ana).status == .locked)
        #expect(try send(.put, at: 1119, user: ana).status == .noContent)
        #expect(
            try send(.put, at: 1119, user: ana, fields: ["If": "(\(token))"]).status == .preconditionFailed)
        #expect(try send(.unlock, at: 1119, user: ana, fields: ["Lock-Token": token]).status == .conflict)
        #expect(try send(.lock, at: 1119, user: bob, body: Self.body).status == .ok)
    }
}
