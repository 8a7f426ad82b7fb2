import ICalendar
import Testing

@testable import CalDAV

@Suite("Spans against instances") struct SpanAgreementTests {
    /// Numbers that look random and are the same each time.
    private struct Numbers {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }

        mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }

        /// A date-time in the first days of 2026, in one of the forms that iCalendar has.
        mutating func time(_ form: String) -> String {
            let day = "2026010\(1 + below(9))"
            switch form {
            case "date": return ";VALUE=DATE:\(day)"
            case "utc": return ":\(day)T\(10 + below(14))0000Z"
            case "zoned": return ";TZID=Far:\(day)T\(10 + below(14))0000"
            default: return ":\(day)T\(10 + below(14))0000"
            }
        }

        mutating func component() -> String {
            let form = one(of: ["date", "utc", "zoned", "floating"])
            let isTodo = below(4) == 0
            var lines = [isTodo ? "BEGIN:VTODO" : "BEGIN:VEVENT", "UID:1"]
            if !isTodo || below(2) == 0 { lines.append("DTSTART\(time(form))") }
            switch below(4) {
            case 0: lines.append("\(isTodo ? "DUE" : "DTEND")\(time(form))")
            case 1: lines.append("DURATION:\(one(of: ["PT1H", "P1D", "PT0S", "P3D"]))")
            default: break
            }
            if below(2) == 0 {
                lines.append(
                    one(of: [
                        "RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=DAILY;INTERVAL=2;UNTIL=20260106T120000Z",
                        "RDATE\(time(form))", "RRULE:FREQ=DAILY;COUNT=4;BYDAY=MO,WE", "EXDATE\(time(form))",
                    ]))
            }
            lines.append(isTodo ? "END:VTODO" : "END:VEVENT")
            if !isTodo, below(3) == 0 {
                lines += [
                    "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID\(time(form))", "DTSTART\(time(form))",
                    "END:VEVENT",
                ]
            }
            return lines.joined(separator: "\n")
        }
    }

    private static func zone(_ offset: String) -> String {
        """
        BEGIN:VTIMEZONE
        TZID:Far
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:\(offset)
        TZOFFSETTO:\(offset)
        END:STANDARD
        END:VTIMEZONE

        """
    }

    @Test(arguments: ["-1200", "+0000", "+1400"])
    func `what a span says of an object is so, in any zone`(_ offset: String) throws {
        var numbers = Numbers(state: 20_260_105)
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone(offset))))
        var decided = 0
        for _ in 0..<1500 {
            let lines = numbers.component()
            let object = try calendar(Self.zone(offset) + lines)
            let start = Int64(1_767_225_600 + numbers.below(14 * 24) * 3600 - 2 * 86400)
            let range = TimeRange(
                start: Instant(secondsSinceEpoch: start),
                end: Instant(secondsSinceEpoch: start + Int64(1 + numbers.below(96)) * 3600))
            let verdict = ObjectSummary(object).span.verdict(on: range)
            let overlaps = ObjectTimes(object, zones: zones).overlaps(range)
            if verdict != .unknown { decided += 1 }
            #expect(verdict != .matches || overlaps, "\(lines) \(range)")
            #expect(verdict != .differs || !overlaps, "\(lines) \(range)")
        }
        #expect(decided > 300)
    }
}
