@testable import ICalendar
import Testing
import WireTestSupport

@Suite("Time zones, RFC 5545 §3.6.5 and RFC 8536") struct TimeZoneDefinitionTests {
    static let names = [
        "America/New_York", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Australia/Sydney",
        "Australia/Lord_Howe", "America/Sao_Paulo", "America/Santiago", "Asia/Tehran", "Asia/Kolkata",
        "Asia/Beirut",
        "Africa/Cairo", "Pacific/Auckland", "Pacific/Apia", "Pacific/Chatham", "America/Nuuk", "Asia/Gaza",
    ]

    static func system(_ name: String) throws -> TimeZoneDefinition {
        try TimeZoneDefinition(tzid: name, tzif: try #require(SystemZones.file(name)))
    }

    static func seconds(_ text: Substring) throws -> Int { try #require(Int(text)) }

    @Test func `TZif zones change as Python's zoneinfo says, from 1970 to 2100`() throws {
        var zones: [Substring: TimeZoneDefinition] = [:]
        for name in Self.names { zones[Substring(name)] = try Self.system(name) }
        let lines = try PythonProgram.lines(of: "Dateutil/zones.py", Self.names)
        #expect(lines.count > 2000)
        for line in lines {
            let columns = line.split(separator: "\t")
            try #require(columns.count == 5)
            let zone = try #require(zones[columns[0]])
            let at = Instant(secondsSinceEpoch: Int64(try Self.seconds(columns[1])))
            #expect(zone.offset(at: at + -1) == (try Self.seconds(columns[2])), "\(line)")
            #expect(zone.offset(at: at) == (try Self.seconds(columns[3])), "\(line)")
            for pair in columns[4].split(separator: ",") {
                let numbers = try pair.split(separator: "=").map(Self.seconds)
                let local = CivilDateTime(secondsSinceEpoch: numbers[0])
                #expect(
                    zone.instant(ofLocal: local).secondsSinceEpoch == Int64(numbers[1]),
                    "\(columns[0]) \(local)")
            }
        }
    }

    @Test func `The examples of RFC 5545 §3.3.5: a time shown twice, and one in a gap`() throws {
        for zone in [try Self.system("America/New_York"), try Self.newYork()] {
            #expect(
                zone.instant(ofLocal: try Self.local("20071104T013000")).description == "20071104T053000Z")
            #expect(
                zone.instant(ofLocal: try Self.local("20070311T023000")).description == "20070311T073000Z")
            #expect(
                zone.local(at: zone.instant(ofLocal: try Self.local("20070311T023000"))).description
                    == "20070311T033000")
        }
    }

    static func local(_ text: String) throws -> CivilDateTime { try #require(DateTimeValue(text.utf8)).local }

    static func zone(_ text: String) throws -> TimeZoneDefinition {
        try #require(TimeZoneDefinition(try CalendarParser.parse(Array(text.utf8))))
    }

    @Test func `The VTIMEZONE of RFC 5545 agrees with the system's zone for each hour near a change`() throws
    {
        try Self.expectAgreement(try Self.newYork(), "America/New_York", years: 1968...2099)
    }

    @Test func `A VTIMEZONE with two endless rules agrees with the system's zone`() throws {
        let berlin = try Self.zone(
            """
            BEGIN:VTIMEZONE
            TZID:Europe/Berlin
            BEGIN:DAYLIGHT
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            DTSTART:19810329T020000
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
            END:DAYLIGHT
            BEGIN:STANDARD
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            DTSTART:19961027T030000
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            END:STANDARD
            END:VTIMEZONE
            """)
        try Self.expectAgreement(berlin, "Europe/Berlin", years: 1997...2099)
        let sydney = try Self.zone(
            """
            BEGIN:VTIMEZONE
            TZID:Custom
            BEGIN:STANDARD
            TZOFFSETFROM:+1100
            TZOFFSETTO:+1000
            DTSTART:16010101T030000
            RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU
            END:STANDARD
            BEGIN:DAYLIGHT
            TZOFFSETFROM:+1000
            TZOFFSETTO:+1100
            DTSTART:16010101T020000
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU
            END:DAYLIGHT
            END:VTIMEZONE
            """)
        try Self.expectAgreement(sydney, "Australia/Sydney", years: 2009...2099)
    }

    static func expectAgreement(_ zone: TimeZoneDefinition, _ name: String, years: ClosedRange<Int>) throws {
        let system = try system(name)
        for year in years {
            let first = CivilDateTime(try #require(CivilDate(year: year, month: 1, day: 1)))
            for hours in stride(from: 0, to: 8760, by: 7) {
                let instant = Instant(utc: first.adding(seconds: hours * 3600))
                try #require(zone.offset(at: instant) == system.offset(at: instant), "\(name) at \(instant)")
                let local = first.adding(seconds: hours * 3600)
                try #require(
                    zone.instant(ofLocal: local) == system.instant(ofLocal: local),
                    "\(name) at local \(local)")
            }
        }
    }

    @Test func `Before the first change the offset is the one it leads away from`() throws {
        let zone = try Self.zone(
            """
            BEGIN:VTIMEZONE
            TZID:X
            BEGIN:DAYLIGHT
            DTSTART:20070311T020000
            TZOFFSETFROM:-0500
            TZOFFSETTO:-0400
            END:DAYLIGHT
            END:VTIMEZONE
            """)
        #expect(zone.offset(at: Instant(utc: try Self.local("19990701T000000"))) == -18000)
        #expect(zone.offset(at: Instant(utc: try Self.local("20990101T000000"))) == -14400)
    }

    @Test(arguments: [
        "BEGIN:VTIMEZONE\nTZID:X\nEND:VTIMEZONE", "BEGIN:VTIMEZONE\nEND:VTIMEZONE",
        "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:20070311T020000\nEND:STANDARD\nEND:VTIMEZONE",
    ])
    func `A VTIMEZONE that says nothing defines no zone`(text: String) throws {
        #expect(TimeZoneDefinition(try CalendarParser.parse(Array(text.utf8))) == nil)
    }

    @Test func `Damaged TZif files are refused, whatever byte is wrong`() throws {
        let bytes = try #require(SystemZones.file("Europe/Berlin"))
        for count in 0..<bytes.count {
            #expect(throws: TZifError.self) {
                try TimeZoneDefinition(tzid: "X", tzif: Array(bytes[..<count]))
            }
        }
        var accepted = 0
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0xFF
            do {
                let zone = try TimeZoneDefinition(tzid: "X", tzif: damaged)
                _ = zone.offset(at: Instant(secondsSinceEpoch: 4_000_000_000))
                accepted += 1
            } catch {}
        }
        #expect(accepted < bytes.count)
    }

    @Test(arguments: [
        ("Europe/Vienna", "Europe/Vienna"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Vienna", "Europe/Vienna"),
        ("/freeassociation.sourceforge.net/Europe/Vienna", "Europe/Vienna"),
        ("/mozilla.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("W. Europe Standard Time", "Europe/Berlin"), ("eastern standard time", "America/New_York"),
        ("UTC", "UTC"), ("/softwarestudio.org/Olson_20011030_5/UTC", "UTC"),
    ])
    func `Names with prefixes and names of Windows are understood`(tzid: String, name: String) {
        #expect(SystemZones.resolver().zone(named: tzid)?.tzid == name)
    }

    @Test func `Each name of Windows leads to a zone the system has`() {
        let resolver = SystemZones.resolver()
        #expect(windowsZones.count > 130)
        for (name, iana) in windowsZones where name != "utc" {
            #expect(resolver.zone(named: name)?.tzid == iana, "\(name)")
        }
    }

    @Test(arguments: ["Middle-earth Standard Time", "../../etc/passwd", "/etc/passwd", "", "/", "///"])
    func `A name that is no zone's leads to none`(name: String) {
        #expect(SystemZones.resolver().zone(named: name) == nil)
    }

    @Test func `The object's own definition comes first, then the system's, then the default`() throws {
        let calendar = try CalendarParser.parse(
            Array(
                """
                BEGIN:VCALENDAR
                BEGIN:VTIMEZONE
                TZID: Europe/Berlin 
                BEGIN:STANDARD
                DTSTART:19700101T000000
                TZOFFSETFROM:+0500
                TZOFFSETTO:+0500
                END:STANDARD
                END:VTIMEZONE
                END:VCALENDAR
                """.utf8))
        let zones = SystemZones.resolver(default: "Asia/Tokyo").zones(of: calendar)
        func utc(_ text: String, _ tzid: String?) throws -> String {
            zones.instant(try #require(DateTimeValue(text.utf8, tzid: tzid))).description
        }
        #expect(try utc("20240701T120000", "Europe/Berlin") == "20240701T070000Z")
        #expect(try utc("20240701T120000", "Europe/Paris") == "20240701T100000Z")
        #expect(try utc("20240701T120000", "Nowhere") == "20240701T030000Z")
        #expect(try utc("20240701T120000", nil) == "20240701T030000Z")
        #expect(try utc("20240701", nil) == "20240630T150000Z")
        #expect(try utc("20240701T120000Z", nil) == "20240701T120000Z")
    }

    static func newYork() throws -> TimeZoneDefinition {
        func part(_ kind: String, _ start: String, _ rule: String, _ from: String, _ to: String) -> String {
            "BEGIN:\(kind)\nDTSTART:\(start)\n\(rule)\nTZOFFSETFROM:\(from)\nTZOFFSETTO:\(to)\nEND:\(kind)\n"
        }
        let yearly = "RRULE:FREQ=YEARLY;"
        return try zone(
            "BEGIN:VTIMEZONE\nTZID:America/New_York\n"
                + part(
                    "DAYLIGHT", "19670430T020000", yearly + "BYMONTH=4;BYDAY=-1SU;UNTIL=19730429T070000Z",
                    "-0500", "-0400")
                + part(
                    "STANDARD", "19671029T020000", yearly + "BYMONTH=10;BYDAY=-1SU;UNTIL=20061029T060000Z",
                    "-0400", "-0500")
                + part("DAYLIGHT", "19740106T020000", "RDATE:19750223T020000", "-0500", "-0400")
                + part(
                    "DAYLIGHT", "19760425T020000", yearly + "BYMONTH=4;BYDAY=-1SU;UNTIL=19860427T070000Z",
                    "-0500", "-0400")
                + part(
                    "DAYLIGHT", "19870405T020000", yearly + "BYMONTH=4;BYDAY=1SU;UNTIL=20060402T070000Z",
                    "-0500", "-0400")
                + part("DAYLIGHT", "20070311T020000", yearly + "BYMONTH=3;BYDAY=2SU", "-0500", "-0400")
                + part("STANDARD", "20071104T020000", yearly + "BYMONTH=11;BYDAY=1SU", "-0400", "-0500")
                + "END:VTIMEZONE\n")
    }
}
