import Gateway
import Testing

@Suite("Head of an SCGI request") struct SCGIParserTests {
    static let head = pairs("CONTENT_LENGTH", "3", "SCGI", "1", "REQUEST_METHOD", "PUT")

    static func pairs(_ texts: String...) -> String { texts.map { $0 + "\0" }.joined() }

    static func netstring(_ text: String) -> [UInt8] { Array("\(text.utf8.count):\(text),".utf8) }

    @Test func `a whole head is read, and the body is left`() throws {
        var parser = SCGIParser()
        let bytes = Self.netstring(Self.head) + Array("abc".utf8)
        let (used, head) = try parser.feed(bytes[...])
        #expect(used == bytes.count - 3)
        let found = try #require(head)
        #expect(found.contentLength == 3)
        #expect(
            found.variables.map { String(decoding: $0.name, as: UTF8.self) } == [
                "CONTENT_LENGTH", "SCGI", "REQUEST_METHOD",
            ])
        #expect(found.variables.map { String(decoding: $0.value, as: UTF8.self) } == ["3", "1", "PUT"])
    }

    @Test(arguments: 1...7) func `pieces of any size make the same head`(size: Int) throws {
        var parser = SCGIParser()
        let bytes = Self.netstring(Self.head) + Array("abc".utf8)
        var position = 0
        while true {
            let piece = bytes[position..<min(position + size, bytes.count)]
            let (used, head) = try parser.feed(piece)
            position += used
            if let head {
                #expect(head.contentLength == 3)
                #expect(position == bytes.count - 3)
                return
            }
            #expect(used == piece.count)
        }
    }

    @Test(arguments: [
        ("", SCGIError.badLength), ("x", .badLength), (":", .badLength), ("-1:", .badLength),
        (" 1:", .badLength),
        ("01:", .badLength), ("1 :", .badLength), ("GET / HTTP/1.1", .badLength),
        ("\u{1}\u{1}\u{0}\u{1}", .badLength),
        ("65537:", .tooLong), ("999999:", .tooLong), ("1000000", .tooLong), ("0:,", .contentLengthNotFirst),
        ("0:;", .missingComma), ("3:a\0b\0,", .missingComma), ("3:ab\0,", .badPairs), ("2:ab,", .badPairs),
        ("2:\0\0,", .emptyName),
    ])
    func `what is not a netstring of pairs is refused`(text: String, error: SCGIError) {
        guard !text.isEmpty else { return }
        #expect(throws: error) {
            var parser = SCGIParser()
            _ = try parser.feed(Array(text.utf8)[...])
        }
    }

    @Test(arguments: [
        (pairs("SCGI", "1", "CONTENT_LENGTH", "0"), SCGIError.contentLengthNotFirst),
        (pairs("content_length", "0", "SCGI", "1"), .contentLengthNotFirst),
        (pairs("CONTENT_LENGTH", "", "SCGI", "1"), .badContentLength),
        (pairs("CONTENT_LENGTH", "-1", "SCGI", "1"), .badContentLength),
        (pairs("CONTENT_LENGTH", "+1", "SCGI", "1"), .badContentLength),
        (pairs("CONTENT_LENGTH", "1 ", "SCGI", "1"), .badContentLength),
        (pairs("CONTENT_LENGTH", "0x1", "SCGI", "1"), .badContentLength),
        (pairs("CONTENT_LENGTH", "99999999999999999999", "SCGI", "1"), .badContentLength),
        (pairs("CONTENT_LENGTH", "0"), .notVersion1),
        (pairs("CONTENT_LENGTH", "0", "SCGI", "2"), .notVersion1),
        (pairs("CONTENT_LENGTH", "0", "SCGI", "1", "A"), .badPairs),
        (pairs("CONTENT_LENGTH", "0", "SCGI", "1") + "A\0x", .badPairs),
        (pairs("CONTENT_LENGTH", "0", "SCGI", "1", "", "x"), .emptyName),
    ])
    func `what is not SCGI 1 is refused`(head: String, error: SCGIError) {
        #expect(throws: error) {
            var parser = SCGIParser()
            _ = try parser.feed(Self.netstring(head)[...])
        }
    }

    @Test func `the largest head is read, one byte more is refused before it is there`() throws {
        let fixed = Self.pairs("CONTENT_LENGTH", "0", "SCGI", "1", "X", "")
        let room = SCGIParser.maxHeadBytes - fixed.utf8.count
        let head = fixed.dropLast() + String(repeating: "x", count: room) + "\0"
        var parser = SCGIParser()
        #expect(try parser.feed(Self.netstring(String(head))[...]).head != nil)
        #expect(throws: SCGIError.tooLong) {
            var parser = SCGIParser()
            _ = try parser.feed(Array("65537:C".utf8)[...])
        }
    }

    @Test func `any change of a byte is read or refused, but never crashes nor reads on`() {
        let bytes = Self.netstring(Self.head)
        var refused = 0
        for index in bytes.indices {
            for value: UInt8 in [0, 0x2C, 0x30, 0x39, 0x3A, 0x41, 0xFF] {
                var changed = bytes
                changed[index] = value
                var parser = SCGIParser()
                do {
                    #expect(try parser.feed(changed[...]).used <= changed.count)
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > bytes.count)
    }
}
