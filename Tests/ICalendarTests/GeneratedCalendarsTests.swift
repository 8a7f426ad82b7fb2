import ContentLine
import ICalendar
import Testing

@Suite("Generated calendars") struct GeneratedCalendarsTests {
    @Test func `what is read prints back byte for byte`() throws {
        var generator = SplitMix(state: 1)
        for _ in 0..<2000 {
            let text = Self.component("VCALENDAR", depth: 3, using: &generator)
            let calendar = try CalendarParser.parse(Array(text.utf8))
            #expect(CalendarWriter.bytes(of: calendar) == Array(text.utf8))
        }
    }

    @Test func `a change leaves all other lines as they were`() throws {
        var generator = SplitMix(state: 2)
        var changed = 0
        for _ in 0..<2000 {
            let text = Self.component("VCALENDAR", depth: 2, using: &generator)
            let mark = "X-CHANGED;P=1:old\r\n"
            guard text.components(of: "X-PLACE:1\n") == 2 else { continue }
            var calendar = try CalendarParser.parse(Array(text.utf8))
            let line = ContentLine(
                name: "X-CHANGED", parameters: [Parameter(name: "P", values: ["1"])], value: "old")
            let isReplaced = calendar.replace("X-PLACE", by: line)
            #expect(isReplaced)
            changed += 1
            let expected = text.replacing("X-PLACE:1\n", with: mark)
            #expect(CalendarWriter.bytes(of: calendar) == Array(expected.utf8))
        }
        #expect(changed > 100)
    }

    @Test func `removing a property leaves the components where they were among the others`() throws {
        var generator = SplitMix(state: 3)
        for _ in 0..<2000 {
            let text = Self.component("VCALENDAR", depth: 2, using: &generator)
            var calendar = try CalendarParser.parse(Array(text.utf8))
            calendar.removeEverywhere("X-PLACE")
            let expected = text.replacing("X-PLACE:1\n", with: "")
            #expect(CalendarWriter.bytes(of: calendar) == Array(expected.utf8))
        }
    }

    /// The text of a component with properties and components in any order.
    private static func component(
        _ name: String, depth: Int, using generator: inout SplitMix
    ) -> String {
        let end = ["\r\n", "\n", "\r"].randomElement(using: &generator) ?? "\n"
        var text = "BEGIN:\(name)\(end)"
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            switch Int.random(in: 0...6, using: &generator) {
            case 0: text += "SUMMARY:f\(end) olded\(end)\t \(end)"
            case 1: text += "x-a;p=\"a;b\",c:Gr\u{FC}\u{DF}e\r\n\r\n"
            case 2: text += "X-PLACE:1\n"
            case 3: text += "DESCRIPTION:\(end)"
            default:
                if depth > 0 { text += component("vEvent", depth: depth - 1, using: &generator) }
            }
        }
        return text + "END:\(name)\(end)"
    }
}

extension String {
    /// How many parts `separator` makes of the text.
    fileprivate func components(of separator: String) -> Int {
        split(separator: separator, omittingEmptySubsequences: false).count
    }
}

extension Component {
    /// Puts `line` in the place of the first property of that name, at any depth; false when there is none.
    fileprivate mutating func replace(_ name: String, by line: ContentLine) -> Bool {
        if let index = properties.firstIndex(where: { $0.isNamed(name) }) {
            properties[index] = line
            return true
        }
        for index in components.indices where components[index].replace(name, by: line) { return true }
        return false
    }

    fileprivate mutating func removeEverywhere(_ name: String) {
        removeProperties(name)
        for index in components.indices { components[index].removeEverywhere(name) }
    }
}

/// Numbers that look random and are the same in each run (SplitMix64).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
