import ContentLine
import Testing

@Suite("Generated lines") struct GeneratedLinesTests {
    /// Pieces that lines are made of, with all that has a meaning somewhere.
    static let pieces = [
        "A", "x", ":", ";", ",", "=", "\"", "\\", "^", "^n", ".", "-", " ", "\t", "\r", "\n", "\r\n", "\r\n ",
        "ä", "🎉", "e\u{301}", "\u{FEFF}", "BEGIN:", "item1.", "TYPE=", "ENCODING=QUOTED-PRINTABLE", "=\r\n",
    ]

    @Test(arguments: [ContentLineReader.Syntax.iCalendar, .vCard])
    func `what is read prints back byte for byte`(syntax: ContentLineReader.Syntax) {
        var generator = SplitMix(state: 42)
        var readable = 0
        for _ in 0..<20_000 {
            var text = Bool.random(using: &generator) ? "N:" : ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                text += Self.pieces.randomElement(using: &generator) ?? ""
            }
            let bytes = Array(text.utf8)
            do {
                let lines = try ContentLineTests.lines(bytes, syntax)
                guard !lines.isEmpty else { continue }
                readable += 1
                #expect(lines.flatMap(\.bytes) == bytes)
            } catch {
                #expect(error.line >= 1)
            }
        }
        #expect(readable > 2000)
    }

    @Test func `what is written reads back equal`() throws {
        var generator = SplitMix(state: 43)
        for _ in 0..<5000 {
            var parameters: [Parameter] = []
            for index in 0..<Int.random(in: 0...3, using: &generator) {
                let count = Int.random(in: 0...3, using: &generator)
                let values = (0..<count).map { _ in Self.text(using: &generator) }
                parameters.append(Parameter(name: "P\(index)", values: values))
            }
            let line = ContentLine(
                group: Bool.random(using: &generator) ? "g1" : nil, name: "X-NAME", parameters: parameters,
                text: Self.text(using: &generator))
            #expect(try ContentLineTests.lines(line.bytes, .vCard) == [line])
        }
    }

    /// Text that a TEXT value and a parameter value can carry: breaks only as LF, no control characters.
    private static func text(using generator: inout SplitMix) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            let piece = pieces.randomElement(using: &generator) ?? ""
            text += piece.utf8.contains(0x0D) ? "\n" : piece
        }
        return text
    }
}
