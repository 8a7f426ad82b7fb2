import Index
import Testing
import VCard
import WebDAV
import XML

@testable import CardDAV

/// What is answered by records must be what the cards themselves answer.
@Suite("Records against cards") struct CardRecordTests {
    /// Numbers that look random and are the same each time.
    private struct Seeded {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }

        mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }
    }

    private static func card(_ numbers: inout Seeded) -> String {
        var lines = ["BEGIN:VCARD", "VERSION:3.0", "FN:\(numbers.one(of: ["Jörg Daboo", "Ana", "Σίσυφος"]))"]
        for _ in 0..<numbers.below(3) {
            let type = numbers.one(of: ["", ";TYPE=WORK", ";TYPE=home"])
            lines.append("EMAIL\(type):\(numbers.one(of: ["m7@example.org", "M77@Example.org", ""]))")
        }
        if numbers.below(3) == 0 { lines.append("UID:\(numbers.below(100))") }
        if numbers.below(3) == 0 { lines.append("A.TEL:\(numbers.one(of: ["+49 30 1", "112"]))") }
        if numbers.below(3) == 0 { lines.append("NICKNAME:me\\,myself,I") }
        if numbers.below(3) == 0 {
            lines.append("NOTE:\(String(repeating: "xy z", count: numbers.below(300)))m7")
        }
        if numbers.below(4) == 0 { lines.append("categories:Work,\(numbers.one(of: ["home", "HÖME"]))") }
        return (lines + ["END:VCARD", ""]).joined(separator: "\r\n")
    }

    private static func filter(_ numbers: inout Seeded) -> String {
        var parts = ""
        for _ in 0..<numbers.below(3) {
            let name = numbers.one(of: [
                "EMAIL", "email", "FN", "TEL", "A.TEL", "NICKNAME", "NOTE", "CATEGORIES",
            ])
            var conditions = ""
            for _ in 0..<numbers.below(3) {
                let collation = numbers.one(of: ["i;ascii-casemap", "i;octet", "i;unicode-casemap"])
                let type = numbers.one(of: ["contains", "equals", "starts-with", "ends-with"])
                let negate = numbers.one(of: ["no", "no", "yes"])
                let text = numbers.one(of: [
                    "m7", "M77", "", "jÖRG", "σισ", "me", "I", "home", "112", "example.org",
                ])
                conditions +=
                    #"<text-match collation="\#(collation)" match-type="\#(type)" negate-condition="\#(negate)">"#
                    + "\(text)</text-match>"
            }
            if numbers.below(5) == 0 { conditions += #"<param-filter name="TYPE"/>"# }
            if numbers.below(6) == 0 { conditions = "<is-not-defined/>" }
            let test = numbers.one(of: ["anyof", "allof"])
            parts += #"<prop-filter name="\#(name)" test="\#(test)">\#(conditions)</prop-filter>"#
        }
        return
            #"<filter xmlns="urn:ietf:params:xml:ns:carddav" test="\#(numbers.one(of: ["anyof", "allof"]))">"#
            + "\(parts)</filter>"
    }

    @Test func `what a record says of a card is so, and it says it mostly`() throws {
        var numbers = Seeded(state: 4)
        var (decided, found) = (0, 0)
        for _ in 0..<4000 {
            let text = Self.card(&numbers)
            let query = Self.filter(&numbers)
            let card = try CardParser.parse(Array(text.utf8))
            let filter = try AddressbookFilter(XMLReader.parse(Array(query.utf8)))
            let record = CardRecord.bytes(of: card)
            let answer = CardRecord(record.span).answer(to: filter, in: record.span)
            let matches = filter.matches(card)
            if answer != .unknown { decided += 1 }
            if matches { found += 1 }
            #expect(answer != .yes || matches, "\(text) \(query)")
            #expect(answer != .no || !matches, "\(text) \(query)")
        }
        #expect(decided > 2500 && found > 500)
    }
}
