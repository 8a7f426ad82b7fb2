import HTTP
import TestSupport
import Testing

@Suite("What clients rely on beyond the RFCs") struct ClientHabitsTests {
    @Test
    func `Properties that are there come before those that are not, as Thunderbird reads the first status`()
        throws
    {
        let server = try TestServer()
        let answer = server.send(
            "PROPFIND", "/user/contacts/", fields: ["Depth": "1", "Content-Type": "application/xml"],
            body: """
                <propfind xmlns="DAV:"><prop><unheard-of/><resourcetype/><displayname/></prop></propfind>
                """)
        #expect(answer.status == .multiStatus)
        let responses = answer.text.split(separator: "<D:response>").dropFirst()
        #expect(responses.count == 2)
        for response in responses {
            let statuses = response.split(separator: "<D:status>").dropFirst().map { $0.prefix { $0 != "<" } }
            #expect(statuses == ["HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found"])
        }
    }
}
