import Testing

@testable import ContentLine

@Suite("Collations, RFC 4790 and RFC 5051") struct CollationTests {
    @Test(arguments: [
        ("ANA", "ana", true, false, true),
        ("Ärger", "ÄRGER", true, false, true),
        ("Ärger", "A\u{308}rger", false, false, true),
        ("Andre", "André", false, false, true),
        ("ДОМ", "мой дом", false, false, true),
        ("ﬁ", "fi", false, false, false),
        ("IV", "Ⅳ", false, false, true),
        ("한", "\u{1112}\u{1161}\u{11AB}", false, false, true),
        ("a\u{323}\u{307}", "a\u{307}\u{323}", false, false, true),
        ("σ", "ΟΔΟΣ", false, false, true),
        ("ß", "SS", false, false, false),
        ("b", "abc", true, true, true),
        ("", "abc", true, true, true),
        ("abcd", "abc", false, false, false),
    ])
    func `one text contains the other as the collation says`(
        pattern: String, text: String, ascii: Bool, octet: Bool, unicode: Bool
    ) {
        #expect(TextMatch(pattern, collation: .asciiCasemap).matches(text) == ascii)
        #expect(TextMatch(pattern, collation: .octet).matches(text) == octet)
        #expect(TextMatch(pattern, collation: .unicodeCasemap).matches(text) == unicode)
    }

    @Test func `the example of RFC 5051 §2 is prepared as it says`() {
        #expect(Collation.unicodeCasemap.prepared("\u{1C4}") == Array("\u{44}\u{7A}\u{30C}".utf8))
    }

    @Test func `every character decomposes as Unicode's own data says`() {
        // FNV-1a over the Normalization Form KD of each scalar value, Unicode 18.0.0.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var result: [Unicode.Scalar] = []
            Decomposition.shared.append(scalar, to: &result)
            for part in result { hash = (hash ^ UInt64(part.value)) &* 0x100_0000_01B3 }
        }
        #expect(hash == 0x1BE1_E76A_6C1C_EC47)
    }

    @Test(arguments: [UInt32(0xC0)...0x1CC, 0x386...0x38F, 0x3AC...0x3AF, 0x400...0x52F, 0x3040...0x30FF])
    func `letters are equal however they are composed`(block: ClosedRange<UInt32>) {
        for value in block {
            guard let scalar = Unicode.Scalar(value) else { continue }
            var parts: [Unicode.Scalar] = []
            Decomposition.shared.append(scalar, to: &parts)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: parts)
            let decomposed = String(view)
            guard decomposed == String(scalar) else { continue }
            #expect(
                TextMatch(decomposed, collation: .unicodeCasemap, type: .equals).matches(String(scalar)))
        }
    }
}

@Suite("Text matches, RFC 6352 §10.5.4") struct TextMatchTests {
    @Test func `each type asks for its place`() {
        let found = TextMatch.MatchType.allCases.map { type in
            ["Ana Doe", "ana", "Doe, Ana", "Hannah Ana B"].map {
                TextMatch("ana", collation: .unicodeCasemap, type: type).matches($0)
            }
        }
        #expect(
            found == [
                [false, true, false, false], [true, true, true, true], [true, true, false, false],
                [false, true, true, false],
            ])
    }

    @Test func `the search finds what a search by hand finds`() {
        var generator = SplitMix(state: 7)
        for _ in 0..<3000 {
            let text = generator.word(letters: 2, length: 0...24)
            let pattern = generator.word(letters: 2, length: 0...6)
            let byHand =
                text.utf8.indices.contains { text[$0...].utf8.starts(with: pattern.utf8) } || pattern.isEmpty
            #expect(TextMatch(pattern, collation: .octet).matches(text) == byHand)
        }
    }

    @Test func `a pattern made to be slow is not`() {
        let text = String(repeating: "a", count: 200_000)
        let pattern = String(repeating: "a", count: 50_000) + "b"
        let clock = ContinuousClock()
        var found = true
        let time = clock.measure { found = TextMatch(pattern, collation: .octet).matches(text) }
        #expect(!found)
        #expect(time < .seconds(3))
    }
}
