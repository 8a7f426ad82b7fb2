import ICalendar
import Testing

/// Each case is looked at with four ranges around 9:00 to 10:00: the hour before, the hour itself, the hour after, and
/// all time; `y` and `n` say which of them overlap.
@Suite("Time ranges, RFC 4791 §9.9") struct OverlapTests {
    static let ranges: [(String?, String?)] = [
        ("20240101T080000Z", "20240101T090000Z"), ("20240101T090000Z", "20240101T100000Z"),
        ("20240101T100000Z", "20240101T110000Z"), (nil, "20990101T000000Z"),
    ]

    static func verdicts(_ lines: String, _ kind: String) throws -> String {
        let calendar = try SampleCalendar.make(lines, kind: kind)
        let set = RecurrenceSet(calendar, zones: SystemZones.resolver())
        return ranges.map { start, end in
            let range = SampleCalendar.range(start, end)
            let isFound = set.overlappingComponents(range) == [0]
            return isFound == set.overlaps(range, componentsNamed: kind) ? (isFound ? "y" : "n") : "?"
        }.joined()
    }

    @Test(arguments: [
        ("DTSTART:20240101T090000Z\nDTEND:20240101T100000Z", "nyny"),
        ("DTSTART:20240101T090000Z\nDURATION:PT1H", "nyny"),
        ("DTSTART:20240101T090000Z\nDURATION:PT0S", "nyny"),
        ("DTSTART:20240101T090000Z", "nyny"), ("DTSTART:20240101T083000Z\nDURATION:PT1H", "yyny"),
        ("DTSTART;VALUE=DATE:20240101", "yyyy"),
        ("DTSTART;VALUE=DATE:20240101\nDTEND;VALUE=DATE:20240101", "yyyy"),
        ("DTSTART;VALUE=DATE:20231231\nDTEND;VALUE=DATE:20240101", "nnny"),
        ("DTSTART:20231201T090000Z\nRRULE:FREQ=DAILY", "nyny"),
        ("DTSTART:20231201T090000Z\nRRULE:FREQ=DAILY\nEXDATE:20240101T090000Z", "nnny"),
        ("DTSTART:20240102T090000Z", "nnny"), ("SUMMARY:no start", "nnnn"),
    ])
    func event(lines: String, verdicts: String) throws {
        #expect(try Self.verdicts(lines, "VEVENT") == verdicts)
    }

    @Test(arguments: [
        ("DTSTART:20240101T090000Z\nDURATION:PT1H", "nyyy"),
        ("DTSTART:20240101T090000Z\nDUE:20240101T100000Z", "nyny"),
        ("DTSTART:20240101T090000Z\nDUE:20240101T090000Z", "yyny"), ("DTSTART:20240101T090000Z", "nyny"),
        ("DUE:20240101T100000Z", "nyny"), ("DUE:20240101T093000Z", "nyny"), ("DUE:20240101T090000Z", "ynny"),
        ("COMPLETED:20240101T093000Z\nCREATED:20240101T083000Z", "yyny"),
        ("COMPLETED:20240101T090000Z", "yyny"),
        ("CREATED:20240101T090000Z", "nyyy"), ("SUMMARY:nothing", "yyyy"),
        ("DUE:20231201T093000Z\nRRULE:FREQ=DAILY", "nyny"), ("RRULE:FREQ=DAILY", "yyyy"),
    ])
    func todo(lines: String, verdicts: String) throws {
        #expect(try Self.verdicts(lines, "VTODO") == verdicts)
    }

    @Test(arguments: [
        ("DTSTART:20240101T090000Z", "nyny"), ("DTSTART;VALUE=DATE:20240101", "yyyy"),
        ("SUMMARY:no start", "nnnn"),
    ])
    func journal(lines: String, verdicts: String) throws {
        #expect(try Self.verdicts(lines, "VJOURNAL") == verdicts)
    }

    @Test(arguments: [
        ("DTSTART:20240101T090000Z\nDTEND:20240101T100000Z", "nyyy"),
        ("FREEBUSY:20240101T090000Z/PT30M,20240101T100000Z/PT1H", "nyyy"),
        ("DTSTART:20240101T090000Z\nFREEBUSY:20240101T090000Z/20240101T093000Z", "nyny"),
        ("SUMMARY:nothing", "nnnn"),
    ])
    func freeBusy(lines: String, verdicts: String) throws {
        #expect(try Self.verdicts(lines, "VFREEBUSY") == verdicts)
    }

    @Test(arguments: [
        ("TRIGGER:-PT15M", "ynny"), ("TRIGGER:PT0S", "nyny"), ("TRIGGER;RELATED=END:PT0S", "nnyy"),
        ("TRIGGER;RELATED=END:-PT5M", "nyny"), ("TRIGGER;VALUE=DATE-TIME:20240101T093000Z", "nyny"),
        ("TRIGGER:-PT15M\nREPEAT:1\nDURATION:PT20M", "yyny"),
        ("TRIGGER:-PT15M\nREPEAT:20\nDURATION:P1D", "ynny"),
        ("TRIGGER:-P1D", "nyny"), ("TRIGGER:-P31D", "nyny"), ("ACTION:AUDIO", "nnnn"),
        ("TRIGGER:PT0S\nREPEAT:2147483647\nDURATION:P4000000D", "nyny"),
    ])
    func alarm(lines: String, verdicts: String) throws {
        let alarm = try CalendarParser.parse(Array("BEGIN:VALARM\n\(lines)\nEND:VALARM".utf8))
        let event = try SampleCalendar.make(
            "DTSTART:20231201T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXDATE:20231216T090000Z")
        let set = RecurrenceSet(event, zones: SystemZones.resolver())
        let found = Self.ranges.map { start, end in
            set.overlaps(SampleCalendar.range(start, end), alarm: alarm, ofComponentAt: 0) ? "y" : "n"
        }.joined()
        #expect(found == verdicts)
    }

    @Test func `Only the component whose instance overlaps is named`() throws {
        let calendar = try SampleCalendar.make(
            "DTSTART:20240101T090000Z\nRRULE:FREQ=DAILY",
            "RECURRENCE-ID:20240102T090000Z\nDTSTART:20240102T150000Z")
        let set = RecurrenceSet(calendar, zones: SystemZones.resolver())
        #expect(set.overlappingComponents(SampleCalendar.range("20240102T080000Z", "20240102T120000Z")) == [])
        #expect(
            set.overlappingComponents(SampleCalendar.range("20240102T080000Z", "20240102T160000Z")) == [1])
        #expect(
            set.overlappingComponents(SampleCalendar.range("20240102T080000Z", "20240103T160000Z")) == [0, 1])
    }
}
