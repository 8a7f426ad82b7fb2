import ContentLine
import Testing

@Suite("Content lines, RFC 5545 §3.1") struct ContentLineTests {
    static func lines(
        _ bytes: [UInt8], _ syntax: ContentLineReader.Syntax = .iCalendar, limits: LineLimits = .default
    ) throws(ContentLineError) -> [ContentLine] {
        var reader = ContentLineReader(bytes, syntax: syntax, limits: limits)
        var lines: [ContentLine] = []
        while let line = try reader.next() { lines.append(line) }
        return lines
    }

    @Test func `a new line is folded at 75 octets and reads back`() throws {
        for length in 60...90 {
            let line = ContentLine(name: "SUMMARY", text: String(repeating: "x", count: length) + "äöü; 🎉")
            for physical in line.bytes.split(separator: 0x0A) {
                #expect(physical.count <= 76)
                #expect(String(validating: physical, as: UTF8.self) != nil)
            }
            #expect(try Self.lines(line.bytes) == [line])
        }
    }

    @Test func `a line of exactly 75 octets is not folded`() {
        let line = ContentLine(name: "A", value: String(repeating: "x", count: 73))
        #expect(line.bytes.count == 77)
        let longer = ContentLine(name: "A", value: String(repeating: "x", count: 74))
        #expect(longer.bytes.count == 76 + 5)
    }

    @Test func `a value that would break the line does not`() throws {
        let line = ContentLine(
            name: "A", parameters: [Parameter(name: "P", values: ["x\r\ny", "\"q\"; ^"])],
            value: "1\r\nB:2\rC")
        let read = try Self.lines(line.bytes)
        #expect(read.count == 1)
        #expect(read.first?.value == "1\\nB:2C")
        #expect(read.first?.parameters == [Parameter(name: "P", values: ["x\ny", "\"q\"; ^"])])
    }

    @Test func `any change makes the line be written anew`() throws {
        let source = Array("item.A;P=1:v\n w\n".utf8)
        let line = try #require(try Self.lines(source, .vCard).first)
        #expect(line.bytes == source)
        #expect(line.sourceOffset == 0)
        var changed = line
        changed.value = "x"
        #expect(String(decoding: changed.bytes, as: UTF8.self) == "item.A;P=1:x\r\n")
        changed = line
        changed.parameters[0].values = ["2", "a:b"]
        #expect(String(decoding: changed.bytes, as: UTF8.self) == "item.A;P=2,\"a:b\":vw\r\n")
        changed = line
        changed.group = nil
        #expect(String(decoding: changed.bytes, as: UTF8.self) == "A;P=1:vw\r\n")
        changed = line
        changed.name = "B"
        #expect(String(decoding: changed.bytes, as: UTF8.self) == "item.B;P=1:vw\r\n")
        #expect(changed.sourceOffset == nil)
    }

    @Test func `equality is of bytes and not of characters`() {
        #expect(ContentLine(name: "A", value: "\u{E9}") != ContentLine(name: "A", value: "e\u{301}"))
        #expect(ContentLine(name: "A", value: "x") != ContentLine(group: "g", name: "A", value: "x"))
    }

    @Test func `only vCard has groups`() throws {
        let bytes = Array("X-A.B:1\r\n".utf8)
        #expect(try Self.lines(bytes).first?.name == "X-A.B")
        let inCard = try #require(try Self.lines(bytes, .vCard).first)
        #expect(inCard.group == "X-A")
        #expect(inCard.name == "B")
    }

    @Test(arguments: [
        ("A:1\r\nB\r\n", ContentLineError.Reason.malformedName, 2),
        ("A B:1", .malformedName, 1),
        (":1", .malformedName, 1),
        (" A:1", .malformedName, 1),
        ("A;=1:2", .malformedParameter, 1),
        ("A;P=\"1:2", .malformedParameter, 1),
        ("A;P=1", .malformedParameter, 1),
        ("A:1\r\n x\r\n\r\nB:\0", .nulByte, 4),
    ])
    func `a line that cannot be read is named`(text: String, reason: ContentLineError.Reason, line: Int) {
        #expect(throws: ContentLineError(line: line, reason: reason)) { try Self.lines(Array(text.utf8)) }
    }

    @Test(arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80]])
    func `bytes that are not UTF-8 are refused wherever they are`(bad: [UInt8]) {
        for prefix in ["A:", "A;P=", "A;P=\""] {
            let suffix = prefix.hasSuffix("\"") ? "\":x\r\n" : ":x\r\n"
            #expect(throws: ContentLineError(line: 1, reason: .notUTF8)) {
                try Self.lines(Array(prefix.utf8) + bad + Array(suffix.utf8))
            }
        }
    }

    @Test func `limits are kept`() {
        let folded = Array(("A:" + String(repeating: "x\r\n ", count: 60)).utf8)
        #expect(throws: ContentLineError(line: 1, reason: .lineTooLong)) {
            try Self.lines(folded, limits: LineLimits(maxLineBytes: 50))
        }
        #expect(throws: ContentLineError(line: 1, reason: .tooManyLines)) {
            try Self.lines(folded, limits: LineLimits(maxLines: 50))
        }
        #expect(throws: ContentLineError(line: 1, reason: .tooManyParameters)) {
            try Self.lines(Array("A;P=1,2;Q=3:x".utf8), limits: LineLimits(maxParameters: 4))
        }
        #expect(throws: Never.self) {
            try Self.lines(Array("A;P=1,2;Q=3:x".utf8), limits: LineLimits(maxParameters: 5))
        }
    }
}

@Suite("Text values, RFC 5545 §3.3.11") struct TextValueTests {
    @Test func `escapes are made and undone`() {
        #expect(TextValue.escaped("a\\b;c,d\r\ne\nf\rg") == "a\\\\b\\;c\\,d\\ne\\nf\\ng")
        #expect(TextValue.unescaped("a\\\\nb\\nc\\Nd\\;\\,\\:\\") == "a\\nb\nc\nd;,:\\")
        #expect(TextValue.unescaped("C:\\temp\\1") == "C:\\temp\\1")
    }

    @Test func `lists and structures are split only where nothing escapes it`() {
        #expect(TextValue.list("a\\,b,c\\\\,,d") == ["a,b", "c\\", "", "d"])
        #expect(TextValue.structured("a\\;b;c,d\\,e;") == [["a;b"], ["c", "d,e"], [""]])
        let parts = [["Doe; X"], ["A,B", "C\n"], [""]]
        #expect(TextValue.structured(TextValue.value(structured: parts)) == parts)
    }
}
