import ContentLine
import Testing

@Suite("JSON, RFC 8259") struct JSONTests {
    @Test(arguments: [
        #"["a",{"b":[1,-2.5e+3,true,false,null]},"c"]"#, #""""#, "[]", "{}", #""\"\\\n\u0001ü😀""#, "0.50",
    ])
    func `what is read prints the same`(_ text: String) throws {
        #expect(String(decoding: try JSONParser.parse(Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test func `blanks and escapes are undone`() throws {
        let text = " [ \"\\u00e9\\ud83d\\uDE00\\/\\b\\f\\r\\t\" ,\n{ \"a\" : 1 } ] "
        let value = try JSONParser.parse(Array(text.utf8))
        #expect(
            value
                == .array([
                    .string("\u{E9}\u{1F600}/\u{8}\u{C}\r\t"), .object([JSONValue.Member("a", .number("1"))]),
                ]))
    }

    @Test(arguments: [
        "", "[", "[1,]", "[1 2]", "{\"a\"}", "{1:2}", "\"a", "\"\n\"", "\"\\x\"", "\"\\ud800\"",
        "\"\\udc00\"", "01",
        "1.", "-", "1e", "tru", "[] []", "\"\\u12\"", "+1", ".5",
    ])
    func `anything else is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func `bytes that are not UTF-8, and depth without end, are refused`() {
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError.self) { try JSONParser.parse(deep) }
    }

    @Test(arguments: [
        ("+1.50", "1.50"), ("007", "7"), ("-0", "-0"), ("00.5", "0.5"), ("-012", "-12"), ("0", "0"),
    ])
    func `numbers are written as JSON can`(_ text: String, _ number: String) {
        #expect(JSONValue(number: text) == .number(number))
    }

    @Test(arguments: ["", "1.", ".5", "1e3", "a", "--1", "1.2.3", "-"])
    func `what is no number is none`(_ text: String) {
        #expect(JSONValue(number: text) == nil)
    }
}

@Suite("Dates in extended form, RFC 7095 §3.5") struct ExtendedFormTests {
    @Test(arguments: [
        ("19850412", "1985-04-12"), ("1985-04", "1985-04"), ("1985", "1985"), ("--0412", "--04-12"),
        ("---12", "---12"), ("19850412T232000Z", "1985-04-12T23:20:00Z"),
        ("19850412T232000", "1985-04-12T23:20:00"), ("T102200", "T10:22:00"), ("T1022", "T10:22"),
        ("T10", "T10"), ("T-2200", "T-22:00"), ("T102200-0800", "T10:22:00-08:00"),
        ("--1022T10", "--10-22T10"),
        ("---22T1022", "---22T10:22"), ("20090808T1430-0500", "2009-08-08T14:30-05:00"),
    ])
    func `both forms lead to each other`(_ basic: String, _ extended: String) {
        #expect(ExtendedForm.extended(dateTime: basic) == extended)
        #expect(ExtendedForm.basic(dateTime: extended) == basic)
    }

    @Test(arguments: [("-0500", "-05:00"), ("+013015", "+01:30:15"), ("-05", "-05"), ("Z", "Z")])
    func offsets(_ basic: String, _ extended: String) {
        #expect(ExtendedForm.extended(offset: basic) == extended)
        #expect(ExtendedForm.basic(offset: extended) == basic)
    }
}
