import HTTP
import Testing

@Suite("Paths, RFC 3986 §3.3") struct PathTests {
    @Test(
        arguments: [
            ("/", [], true), ("//", [], true), ("/a", ["a"], false), ("/a/", ["a"], true),
            ("//a//b//", ["a", "b"], true),
            ("/a%2Fb", ["a/b"], false), ("/a%2fb/c", ["a/b", "c"], false), ("/a/b?x=/c", ["a", "b"], false),
            ("/a#b/c", ["a"], false), ("/%C3%A4", ["ä"], false), ("/a%20b+c", ["a b+c"], false),
            ("/%25", ["%"], false),
            ("/%2525", ["%25"], false), ("/...", ["..."], false), ("/.x", [".x"], false),
            ("http://host/a", ["a"], false), ("HTTPS://user@host:8443/a/", ["a"], true),
            ("http://host", [], true),
            ("http://host?q", [], true), ("//host/a", ["host", "a"], false), ("/a:b@c;d", ["a:b@c;d"], false),
        ] as [(String, [String], Bool)])
    func `a path is its segments, decoded once`(text: String, segments: [String], endsInSlash: Bool) throws {
        let path = try Path(parsing: text)
        #expect(path.segments == segments)
        #expect(path.endsInSlash == endsInSlash)
    }

    @Test(
        arguments: [
            ("", .notAbsolute), ("a", .notAbsolute), ("a/b", .notAbsolute), ("*", .notAbsolute),
            ("?", .notAbsolute),
            ("mailto:a@b", .notAbsolute), ("://a", .notAbsolute), ("1 2://host/a", .notAbsolute),
            ("http:/a", .notAbsolute),
            ("/.", .dotSegment), ("/a/..", .dotSegment), ("/a/../b", .dotSegment), ("/%2e%2E/b", .dotSegment),
            ("/.%2E", .dotSegment), ("http://host/../a", .dotSegment), ("/%", .brokenEscape),
            ("/%2", .brokenEscape),
            ("/%zz", .brokenEscape), ("/a%2/b", .brokenEscape), ("/%+1", .brokenEscape), ("/%00", .notText),
            ("/%FF", .notText), ("/%C3", .notText), ("/%C0%AF", .notText), ("/%ED%A0%80", .notText),
            ("/" + String(repeating: "a", count: 8192), .tooLong),
        ] as [(String, PathError)])
    func `what is not a safe path is refused`(text: String, error: PathError) {
        #expect(throws: error) { try Path(parsing: text) }
    }

    @Test(arguments: [
        "/", "/a", "/a/", "/a%2Fb/%C3%A4", "/%3B%26%27%22%3C", "/a:b@c%21%24%28%29%2A%2B%2C%3D-._~", "/%25",
    ])
    func `what is printed reads as the same`(text: String) throws {
        let path = try Path(parsing: text)
        #expect(path.description == text)
        #expect(try Path(parsing: path.description) == path)
    }

    @Test func `every byte that a name can have survives printing and reading`() throws {
        for scalar in (1...0x17F).compactMap(UnicodeScalar.init) where scalar != "." {
            let path = Path(segments: [String(scalar), "x\(scalar)y"], endsInSlash: false)
            let again = try Path(parsing: path.description)
            #expect(again == path)
            #expect(again.segments.count == 2)
        }
    }

    @Test func `names that look alike are different`() throws {
        let composed = try Path(parsing: "/%C3%A4")
        let decomposed = try Path(parsing: "/a%CC%88")
        #expect(composed.segments[0] == decomposed.segments[0])
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
        #expect(decomposed.removing(prefix: composed) == nil)
    }

    @Test func `a prefix is whole segments`() throws {
        let prefix = try Path(parsing: "/dav/")
        #expect(try Path(parsing: "/dav/a/").removing(prefix: prefix)?.description == "/a/")
        #expect(try Path(parsing: "/dav").removing(prefix: prefix)?.description == "/")
        #expect(try Path(parsing: "/davx/a").removing(prefix: prefix) == nil)
        #expect(try Path(parsing: "/da%76/a").removing(prefix: prefix)?.description == "/a")
        #expect(try Path(parsing: "/a").adding(prefix: prefix).description == "/dav/a")
        #expect(try Path(parsing: "/").adding(prefix: prefix).description == "/dav/")
    }
}
