import HTTP
import Testing

@Suite("Ranges of bytes, RFC 9110 §14") struct ByteRangesTests {
    @Test(arguments: [
        ("bytes=0-499", ByteRanges.parts([0..<500])), ("bytes=500-999", .parts([500..<1000])),
        ("bytes=-500", .parts([500..<1000])), ("bytes=900-5000", .parts([900..<1000])),
        ("Bytes = 0-0, -1", .parts([0..<1, 999..<1000])), ("bytes=-5000", .parts([0..<1000])),
        ("bytes=1000-", .unsatisfiable), ("bytes=-0", .unsatisfiable),
        ("bytes=1000-, 0-0", .parts([0..<1])), ("bytes=99999999999999999999-", .unsatisfiable),
        ("bytes=0-, 0-", .whole), ("bytes=5-4", .whole), ("bytes=-", .whole), ("bytes=", .whole),
        ("bytes=a-b", .whole), ("items=0-1", .whole), ("bytes", .whole), ("bytes=0-1;2", .whole),
        ("bytes=1--2", .whole),
    ])
    func `a field asks for parts of a thousand bytes`(text: String, promised: ByteRanges) {
        #expect(ByteRanges(text, of: 1000) == promised)
    }

    @Test func `without a field, and with too many parts, it is the whole`() {
        #expect(ByteRanges(nil, of: 10) == .whole)
        let many = (0..<33).map { "\($0)-\($0)" }.joined(separator: ",")
        #expect(ByteRanges("bytes=" + many, of: 1000) == .whole)
        #expect(ByteRanges("bytes=0-0", of: 0) == .unsatisfiable)
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
    func `dates are read in their three forms`(text: String) {
        #expect(HTTPDate(text) == HTTPDate(secondsSince1970: 784_111_777))
    }

    @Test(arguments: [
        "", "yesterday", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "\"a\"",
    ])
    func `what is no date is none`(text: String) {
        #expect(HTTPDate(text) == nil)
    }

    @Test(arguments: [0, 951_782_399, 951_782_400, 1_709_164_800, 4_102_444_800])
    func `what is written is read`(seconds: Int64) {
        let date = HTTPDate(secondsSince1970: seconds)
        #expect(HTTPDate(date.description) == date)
    }
}
