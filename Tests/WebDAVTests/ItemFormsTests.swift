import HTTP
import TestSupport
import Testing

@Suite("Long listings") struct ItemFormsTests {
    private static let names = [
        "a.txt", "b.txt", "c.css", "d", ".e", "f%20g.txt", "h%C3%A9.TXT", "i.tar.gz", "j.", "%26.txt",
        "k.jpg",
    ]

    private static let requests = [
        "<prop><getetag/></prop>", "<prop><resourcetype/><getetag/><getcontenttype/></prop>", "<allprop/>",
        "<propname/>", "<prop><displayname/></prop>", "<prop><displayname/><x xmlns=\"urn:x\"/></prop>",
        "<prop><getcontentlength/><getetag/><nothing/><sync-token/><owner/></prop>",
        "<prop><mood xmlns=\"urn:x\"/><getcontenttype/></prop>", "<prop/>",
        "<allprop/><include><owner/><mood xmlns=\"urn:x\"/></include>",
    ]

    private static func responses(_ server: TestServer, _ target: String, _ depth: String, _ request: String)
        -> Set<String>
    {
        let body = "<propfind xmlns=\"DAV:\">\(request)</propfind>"
        let text = server.send("PROPFIND", target, fields: ["Depth": depth], body: body).text
        return Set(
            text.split(separator: "<D:response>").dropFirst().compactMap { part in
                part.split(separator: "</D:response>").first.map { String($0) }
            })
    }

    @Test(arguments: [false, true])
    func `each item is told of as it is alone`(hasDeadProperties: Bool) throws {
        let server = try TestServer()
        server.send("MKCOL", "/user/files/")
        for name in Self.names {
            #expect(server.send("PUT", "/user/files/\(name)", body: name).status == .created)
        }
        if hasDeadProperties {
            let update =
                "<propertyupdate xmlns=\"DAV:\"><set><prop><mood xmlns=\"urn:x\">good</mood></prop></set>"
                + "</propertyupdate>"
            #expect(server.send("PROPPATCH", "/user/files/b.txt", body: update).text.contains("200 OK"))
        }
        for request in Self.requests {
            var expected = Self.responses(server, "/user/files/", "0", request)
            for name in Self.names {
                expected.formUnion(Self.responses(server, "/user/files/\(name)", "0", request))
            }
            #expect(expected.count == Self.names.count + 1)
            #expect(Self.responses(server, "/user/files/", "1", request) == expected, "\(request)")
        }
    }
}
