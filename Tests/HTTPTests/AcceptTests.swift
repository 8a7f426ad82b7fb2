import HTTP
import Testing

@Suite("Accept, RFC 9110 §12.5.1") struct AcceptTests {
    @Test(arguments: [
        ("text/vcard", "3.0", 1000), ("text/vcard; version=3.0", "3.0", 1000),
        ("text/vcard; version=4.0", "3.0", 0), ("text/*;q=0.3, */*;q=0.1", "3.0", 300),
        ("*/*;q=0.1, text/html", "3.0", 100), ("text/vcard;q=0, */*", "3.0", 0),
        (#"TEXT/VCARD;Version="4.0";Q=0.25"#, "4.0", 250), ("text/vcard;charset=utf-8;q=0.123", "3.0", 123),
        ("text/vcard;q=0.5, text/vcard;version=4.0;q=0.9", "4.0", 900),
        ("text/vcard;q=0.5, text/vcard;version=4.0;q=0.9", "3.0", 500), ("text/vcard;level=1", "3.0", 0),
    ])
    func `the closest entry counts`(_ field: String, _ version: String, _ quality: Int) throws {
        let accept = try #require(Accept(field))
        #expect(accept.quality(of: "text/vcard", [("version", version)]) == quality)
    }

    @Test(arguments: ["*/*", "", ",", "text", "/", "text/"])
    func `a field that asks for nothing is as none`(_ field: String) {
        #expect(Accept(field) == nil)
    }

    @Test func `names only what is welcome`() throws {
        let accept = try #require(Accept("text/vcard;version=5, text/calendar;q=0"))
        #expect(accept.names("text/vcard"))
        #expect(!accept.names("text/calendar"))
    }
}

@Suite("Entity tags of representations") struct RepresentationTagTests {
    @Test func `a tag of another representation allows a write, and is no cache of this one`() {
        var conditions = Conditions([:])
        conditions.ifMatch = ETagList(#""abc;as=jcal""#)
        #expect(conditions.evaluate(current: ETag("abc")) == .passed)
        #expect(conditions.evaluate(current: ETag("abd")) == .failed)
        conditions.ifMatch = ETagList(#""abc""#)
        #expect(conditions.evaluate(current: ETag("abc;as=jcal")) == .passed)
        conditions.ifMatch = nil
        conditions.ifNoneMatch = ETagList(#""abc;as=jcal""#)
        #expect(conditions.evaluate(current: ETag("abc"), isSafe: true) == .passed)
        #expect(conditions.evaluate(current: ETag("abc;as=jcal"), isSafe: true) == .unchanged)
        conditions.ifNoneMatch = ETagList(#""abc""#)
        #expect(conditions.evaluate(current: ETag("abc;as=jcal"), isSafe: true) == .passed)
    }
}
