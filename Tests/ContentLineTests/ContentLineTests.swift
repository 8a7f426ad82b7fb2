import ContentLine
import Testing

@Suite("Content lines, RFC 5545 §3.1") struct ContentLineTests {
    @Test func `a new line is folded at 75 octets and reads back`() throws {
        let line = ContentLine(name: "SUMMARY", text: String(repeating: "äöü; ", count: 50))
        let bytes = line.bytes
        for physical in bytes.split(separator: 0x0A) { #expect(physical.count <= 76) }
        var reader = ContentLineReader(bytes, syntax: .iCalendar)
        #expect(try reader.next() == line)
        #expect(try reader.next() == nil)
    }
}
