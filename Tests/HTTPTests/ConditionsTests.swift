import HTTP
import Testing

@Suite("Entity tags and conditions, RFC 9110 §8.8.3 and §13") struct ConditionsTests {
    @Test(
        arguments: [
            (#""a""#, [ETag("a")]), (#""a", "b""#, [ETag("a"), ETag("b")]),
            (#""a","b""#, [ETag("a"), ETag("b")]),
            (#"W/"a""#, [ETag("a", isWeak: true)]), (#" ,, "a" ,"#, [ETag("a")]), ("abc", [ETag("abc")]),
            ("abc , def", [ETag("abc"), ETag("def")]), (#""a,b""#, [ETag("a,b")]), (#""""#, [ETag("")]),
            ("", []),
            (#""unclosed"#, [ETag("unclosed")]), ("\"", [ETag("")]), ("W/", [ETag("W/")]),
            ("W/x", [ETag("x", isWeak: true)]),
            (#""a" "b""#, [ETag("a"), ETag("b")]),
        ] as [(String, [ETag])])
    func `tags are read with and without quotes`(text: String, tags: [ETag]) {
        #expect(ETagList(text) == .tags(tags))
    }

    @Test func `a star is any`() {
        #expect(ETagList(" * ") == .any)
        #expect(ETagList(#""*""#) == .tags([ETag("*")]))
    }

    @Test func `what a web server does to a tag is forgiven, nothing else`() {
        let tag = ETag("abc")
        for sent in ["\"abc\"", "W/\"abc\"", "\"abc-gzip\"", "W/\"abc-br\"", "\"abc;gzip\"", "\"abc-zstd\""] {
            #expect(ETagList(sent).contains(tag), "\(sent)")
        }
        for sent in ["\"abd\"", "\"ab\"", "\"abc-\"", "\"ABC\"", "\"abc-gzip2\"", "\"\""] {
            #expect(!ETagList(sent).contains(tag), "\(sent)")
        }
    }

    @Test(
        arguments: [
            ([:], "a", .passed), ([:], nil, .passed),
            (["If-Match": "\"a\""], "a", .passed), (["If-Match": "\"a\""], "b", .failed),
            (["If-Match": "\"a\""], nil, .failed), (["If-Match": "*"], "a", .passed),
            (["If-Match": "*"], nil, .failed),
            (["If-Match": ""], "a", .failed),
            (["If-None-Match": "*"], nil, .passed), (["If-None-Match": "*"], "a", .unchanged),
            (["If-None-Match": "\"a\""], "a", .unchanged),
            (["If-None-Match": "\"a\", \"b\""], "b", .unchanged),
            (["If-None-Match": "\"a\""], "b", .passed),
            (["If-Match": "\"a\"", "If-None-Match": "\"a\""], "a", .unchanged),
            (["If-Match": "\"b\"", "If-None-Match": "\"a\""], "a", .failed),
        ] as [(Fields, String?, Conditions.Outcome)])
    func `conditions hold or not`(fields: Fields, current: String?, outcome: Conditions.Outcome) {
        let conditions = Conditions(fields)
        #expect(conditions.isEmpty == fields.all.isEmpty)
        #expect(conditions.evaluate(current: current.map { ETag($0) }) == outcome)
    }

    @Test func `a tag prints as it stands in a field`() {
        #expect(ETag("a").description == "\"a\"")
        #expect(ETag("a", isWeak: true).description == "W/\"a\"")
    }
}
