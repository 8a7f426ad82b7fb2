import HTTP
import Testing

@Suite("Header fields, RFC 9110 §5") struct FieldsTests {
    @Test func `names are compared without case, values joined in order`() {
        var fields: Fields = ["Depth": "1", "X-A": "1"]
        fields.append("x-a", "2")
        #expect(fields["DEPTH"] == "1")
        #expect(fields["X-a"] == "1, 2")
        #expect(fields["X-B"] == nil)
        fields["x-A"] = "3"
        #expect(fields.all.map(\.name) == ["Depth", "x-A"])
        fields["X-A"] = nil
        #expect(fields["x-a"] == nil)
        #expect(fields.all.count == 1)
    }

    @Test func `only ASCII letters have two cases`() {
        let fields: Fields = ["K": "kelvin", "[": "bracket"]
        #expect(fields["\u{212A}"] == nil)
        #expect(fields["{"] == nil)
    }

    @Test(arguments: [
        ("", ""), (" ", ""), (" a b\t", "a b"), ("\r\na\r\n", "a"), ("a", "a"), ("\u{A0}a", "\u{A0}a"),
    ])
    func `blanks around a value go`(text: String, trimmed: String) {
        #expect(text.trimmingWhitespace == trimmed)
    }

    @Test(
        arguments: [
            ("0", .zero), (" 1 ", .one), ("infinity", .infinity), ("Infinity", .infinity), ("2", nil),
            ("", nil), ("1,0", nil),
            ("-1", nil), ("01", nil),
        ] as [(String, Depth?)])
    func `a depth is one of three, RFC 4918 §10.2`(text: String, depth: Depth?) {
        #expect(Depth(text) == depth)
    }

    @Test(
        arguments: [
            ([:], false, false, false), (["Prefer": "return=minimal"], true, false, false),
            (["Prefer": "return=\"minimal\""], true, false, false),
            (["Prefer": "Return = Minimal"], true, false, false),
            (["Prefer": "depth-noroot, return=minimal"], true, false, true),
            (["Brief": "t"], true, false, false),
            (["Brief": "f"], false, false, false), (["Prefer": "return=representation"], false, true, false),
            (["Prefer": "return=minimal; x=1, wait=5"], true, false, false),
            (["Prefer": "minimal"], false, false, false),
        ] as [(Fields, Bool, Bool, Bool)])
    func `preferences are read, RFC 7240 and RFC 8144`(
        fields: Fields, minimal: Bool, representation: Bool, noRoot: Bool
    ) {
        let prefer = Prefer(fields)
        #expect(prefer.returnMinimal == minimal)
        #expect(prefer.returnRepresentation == representation)
        #expect(prefer.depthNoRoot == noRoot)
    }

    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT", "2000-02-28T23:59:59Z"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT", "2000-02-29T00:00:00Z"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT", "2000-03-01T00:00:00Z"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT", "2100-03-01T00:00:00Z"),
            (1_798_761_599, "Thu, 31 Dec 2026 23:59:59 GMT", "2026-12-31T23:59:59Z"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT", "1969-12-31T23:59:59Z"),
            (-86_400, "Wed, 31 Dec 1969 00:00:00 GMT", "1969-12-31T00:00:00Z"),
            (-86_401, "Tue, 30 Dec 1969 23:59:59 GMT", "1969-12-30T23:59:59Z"),
            (-11_644_473_600, "Mon, 01 Jan 1601 00:00:00 GMT", "1601-01-01T00:00:00Z"),
        ] as [(Int64, String, String)])
    func `dates print as RFC 9110 §5.6.7 and RFC 3339 have them`(
        seconds: Int64, http: String, internet: String
    ) {
        let date = HTTPDate(secondsSince1970: seconds)
        #expect(date.description == http)
        #expect(date.internetDate == internet)
    }
}
