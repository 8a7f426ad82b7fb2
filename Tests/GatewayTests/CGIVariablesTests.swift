import Gateway
import HTTP
import Testing

@Suite("CGI variables, RFC 3875") struct CGIVariablesTests {
    static let least = [("REQUEST_METHOD", "GET"), ("REQUEST_URI", "/a%2Fb/?q")]

    func request(_ variables: [(String, String)]) throws(CGIError) -> Request {
        var all = CGIVariables()
        for (name, value) in variables { all.set(name: name.utf8, value: value.utf8) }
        return try all.request(body: RequestBody([]), id: "1")
    }

    @Test func `the target stays as the client sent it`() throws {
        let request = try request(Self.least + [("PATH_INFO", "/a/b/"), ("SCRIPT_NAME", "/dav")])
        #expect(request.target == "/a%2Fb/?q")
        #expect(request.scriptName == "/dav")
        #expect(request.method == .get)
    }

    @Test func `without a target the web server is told what to do, and PATH_INFO is no way out`() {
        #expect(throws: CGIError.missing("REQUEST_URI")) {
            try request([("REQUEST_METHOD", "GET"), ("PATH_INFO", "/a"), ("SCRIPT_NAME", "")])
        }
        #expect(CGIError.missing("REQUEST_URI").status == .internalServerError)
    }

    @Test func `the user is REMOTE_USER`() throws {
        #expect(try request(Self.least + [("REMOTE_USER", "änä")]).remoteUser == "änä")
        #expect(try request(Self.least + [("REMOTE_USER", "")]).remoteUser == nil)
        #expect(try request(Self.least).remoteUser == nil)
    }

    @Test(arguments: [
        "HTTP_REMOTE_USER", "HTTP_X_REMOTE_USER", "HTTP_X_FORWARDED_USER", "REDIRECT_REMOTE_USER",
        "remote_user",
        "REMOTE_USER ", "HTTP__REMOTE_USER", "AUTH_USER",
    ])
    func `nothing else is the user`(name: String) throws {
        #expect(try request(Self.least + [(name, "root")]).remoteUser == nil)
    }

    @Test func `two different users are nobody`() {
        #expect(throws: CGIError.ambiguous("REMOTE_USER")) {
            try request(Self.least + [("REMOTE_USER", "ana"), ("REMOTE_USER", "root")])
        }
        #expect(throws: CGIError.ambiguous("REMOTE_USER")) {
            try request(Self.least + [("REMOTE_USER", "ana"), ("REMOTE_USER", "")])
        }
    }

    @Test func `the same value twice is one`() throws {
        #expect(try request(Self.least + Self.least).target == "/a%2Fb/?q")
    }

    @Test(arguments: ["REMOTE_USER", "REQUEST_URI", "SCRIPT_NAME"])
    func `bytes that are not UTF-8, and control characters, are refused`(name: String) {
        for value: [UInt8] in [[0x2F, 0xFF], [0x2F, 0x0A], [0x2F, 0x1B]] {
            var all = CGIVariables()
            for (name, value) in Self.least where name != "REQUEST_URI" {
                all.set(name: name.utf8, value: value.utf8)
            }
            if name != "REQUEST_URI" { all.set(name: "REQUEST_URI".utf8, value: "/".utf8) }
            all.set(name: name.utf8, value: value)
            #expect(throws: CGIError.invalid(name)) { try all.request(body: RequestBody([]), id: "1") }
        }
    }

    @Test func `header fields get their names back`() throws {
        let fields = try request(
            Self.least + [
                ("HTTP_IF_NONE_MATCH", "*"), ("HTTP_DEPTH", "1"), ("HTTP_X_A", "1"), ("HTTP_X_A", "2"),
                ("CONTENT_TYPE", "text/calendar"), ("HTTP_CONTENT_TYPE", "text/calendar"),
            ]
        ).fields
        #expect(fields["If-None-Match"] == "*")
        #expect(fields["Depth"] == "1")
        #expect(fields["X-A"] == "1, 2")
        #expect(fields["Content-Type"] == "text/calendar")
        #expect(fields.all.map(\.name) == ["If-None-Match", "Depth", "X-A", "X-A", "Content-Type"])
    }

    @Test func `passwords do not come further`() throws {
        let fields = try request(
            Self.least + [("HTTP_AUTHORIZATION", "Basic x"), ("HTTP_PROXY_AUTHORIZATION", "Basic x")]
        ).fields
        #expect(fields.all.isEmpty)
    }

    @Test(arguments: ["", "G T", "GET\r\n", "GÉT", "G(T"]) func `a method is a token`(method: String) {
        #expect(throws: CGIError.invalid("REQUEST_METHOD")) {
            try request([("REQUEST_METHOD", method), ("REQUEST_URI", "/")])
        }
    }

    @Test(
        arguments: [
            ("", nil), ("0", 0), ("7", 7), ("007", 7), ("999999999999999", 999_999_999_999_999),
        ] as [(String, Int?)])
    func `a length is digits`(text: String, length: Int?) throws {
        var all = CGIVariables()
        all.set(name: "CONTENT_LENGTH".utf8, value: text.utf8)
        #expect(try all.contentLength() == length)
    }

    @Test(arguments: ["-1", "+1", "1 ", " 1", "1,1", "0x10", "1e3", "٣", "9999999999999999999999"])
    func `what is not digits is no length`(text: String) {
        var all = CGIVariables()
        all.set(name: "CONTENT_LENGTH".utf8, value: text.utf8)
        #expect(throws: CGIError.invalid("CONTENT_LENGTH")) { try all.contentLength() }
        #expect(CGIError.invalid("CONTENT_LENGTH").status == .badRequest)
    }
}
