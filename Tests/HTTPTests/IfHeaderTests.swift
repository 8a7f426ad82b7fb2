import HTTP
import Testing

@Suite("The If field, RFC 4918 §10.4") struct IfHeaderTests {
    @Test func `tagged and untagged lists of tokens and entity tags are read`() throws {
        let untagged = try IfHeader(
            #"(<urn:uuid:181d4fae> ["I am an ETag"]) (not [W/"a]b"]Not <DAV:no-lock>)"#)
        #expect(untagged.lists.map(\.resource) == [nil, nil])
        #expect(
            untagged.lists[0].conditions.map(\.state) == [
                .token("urn:uuid:181d4fae"), .etag(ETag("I am an ETag")),
            ])
        #expect(
            untagged.lists[1].conditions.map(\.state) == [
                .etag(ETag("a]b", isWeak: true)), .token("DAV:no-lock"),
            ])
        #expect(untagged.lists[1].conditions.map(\.isNegated) == [true, true])
        #expect(untagged.tokens == ["urn:uuid:181d4fae", "DAV:no-lock"])
        let tagged = try IfHeader(#"<http://example.com/a> (<t:1>)([""]) </b>(<t:2>)"#)
        #expect(tagged.lists.map(\.resource) == ["http://example.com/a", "http://example.com/a", "/b"])
    }

    @Test(arguments: [
        "", "()", "(", "(<a>", "<a>", "<a> <b> (<c>)", "(<a>) <b> (<c>)", "(Not)", "(Not Not <a>)",
        "([a])", "([\"a)", "([\"a\"", "(<>)", "<> (<a>)", "(<a>), (<b>)", "(<a>) x", "(No <a>)",
    ])
    func `what does not follow the grammar is refused`(text: String) {
        #expect(throws: IfHeaderError.malformed) { try IfHeader(text) }
    }

    @Test func `length, lists and conditions are bounded`() {
        #expect(throws: IfHeaderError.limit) { try IfHeader(String(repeating: "(<a>)", count: 101)) }
        #expect(throws: IfHeaderError.limit) {
            try IfHeader("(" + String(repeating: "<a>", count: 401) + ")")
        }
        #expect(throws: IfHeaderError.limit) { try IfHeader("(<\(String(repeating: "a", count: 20_000))>)") }
    }

    @Test(arguments: [
        ("(<a>)", true), ("(<b>)", false), ("(Not <b>)", true), ("(<a> <b>)", false), ("(<b>) (<a>)", true),
        ("</x> (<a>)", false), ("</x> (<a>) (<b>)", true), ("(<a> Not <b>)", true), ("(Not <a>)", false),
    ])
    func `one list must hold, with all of its conditions`(text: String, holds: Bool) throws {
        let header = try IfHeader(text)
        #expect(header.holds { $0 == nil ? $1 == .token("a") : $1 == .token("b") } == holds)
    }
}
