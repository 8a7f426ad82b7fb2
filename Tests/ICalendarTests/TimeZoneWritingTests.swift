@testable import ICalendar
import Testing

@Suite("Definitions of time zones that are written, RFC 5545 §3.6.5") struct TimeZoneWritingTests {
    static let names = [
        "Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/Nuuk", "Asia/Beirut", "Asia/Gaza",
        "Australia/Lord_Howe", "Etc/GMT+5", "Europe/Dublin", "Europe/London",
    ]

    @Test(arguments: names, [1970, 2020, nil])
    func `A zone that is written and read again shows the same times`(_ name: String, since: Int?) throws {
        let zone = try TimeZoneDefinitionTests.system(name)
        let component = try #require(zone.component(tzid: name, since: since))
        let read = try CalendarParser.parse(CalendarWriter.bytes(of: component))
        let again = try #require(TimeZoneDefinition(read))
        #expect(again.tzid == name)
        let first = CivilDate(uncheckedYear: since ?? 1850, month: 1, day: 2).daysSinceEpoch
        let last = CivilDate(uncheckedYear: 2060, month: 12, day: 31).daysSinceEpoch
        var times = stride(from: first, to: last, by: 187).map { $0 * 86400 }
        for onset in zone.onsets where onset.at > first * 86400 { times += [onset.at - 1, onset.at] }
        if case .posix(let rule, _) = zone.rules {
            for year in 2037...2040 {
                for onset in rule.onsets(in: year) { times += [onset.at - 1, onset.at] }
            }
        }
        var differences: [String] = []
        for time in times {
            let instant = Instant(secondsSinceEpoch: Int64(time))
            if again.offset(at: instant) != zone.offset(at: instant) {
                differences.append("\(instant) \(again.offset(at: instant)) \(zone.offset(at: instant))")
            }
        }
        #expect(
            differences.isEmpty,
            "\(name): \(differences.prefix(3)) \(String(decoding: CalendarWriter.bytes(of: component), as: UTF8.self))"
        )
    }

    @Test func `What comes every year is a rule, and daylight saving time is said to be that`() throws {
        let zone = try TimeZoneDefinitionTests.system("Europe/Vienna")
        let component = try #require(zone.component(tzid: "Europe/Vienna", since: 2020))
        let text = String(decoding: CalendarWriter.bytes(of: component), as: UTF8.self)
        #expect(
            text.split(separator: "\r\n") == [
                "BEGIN:VTIMEZONE", "TZID:Europe/Vienna",
                "BEGIN:STANDARD", "DTSTART:20200101T000000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0100",
                "END:STANDARD",
                "BEGIN:DAYLIGHT", "DTSTART:20200329T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
                "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "END:DAYLIGHT",
                "BEGIN:STANDARD", "DTSTART:20201025T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
                "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "END:STANDARD",
                "END:VTIMEZONE",
            ])
    }
}
