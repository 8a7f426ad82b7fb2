import ICalendar
import Index
import Testing

@testable import CalDAV

@Suite("Spans against instances") struct SpanAgreementTests {
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
        var numbers = SeededObjects(state: 20_260_105)
        let zones = ZoneResolver { _ in nil }
        zones.defaultZone = try #require(zones.definedZone(in: try calendar(Self.zone(offset))))
        var decided = 0
        for _ in 0..<3000 {
            let lines = numbers.component()
            let object = try calendar(Self.zone(offset) + lines)
            let start = Int64(1_767_225_600 + numbers.below(14 * 24) * 3600 - 2 * 86400)
            let range = TimeRange(
                start: Instant(secondsSinceEpoch: start),
                end: Instant(secondsSinceEpoch: start + Int64(1 + numbers.below(96)) * 3600))
            let answer = ObjectRecord(ObjectRecord.bytes(of: object)[...]).answer(on: range)
            let overlaps = ObjectTimes(object, zones: zones).overlaps(range)
            if answer != .unknown { decided += 1 }
            #expect(answer != .yes || overlaps, "\(lines) \(range)")
            #expect(answer != .no || !overlaps, "\(lines) \(range)")
        }
        #expect(decided > 1000)
    }
}
