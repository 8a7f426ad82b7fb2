import ContentLine
import ICalendar
import Testing

@Suite("Durations, periods, offsets and lists of dates, RFC 5545 §3.3") struct DateTimeValueTests {
    @Test(arguments: [
        ("P15DT5H0M20S", 15, 18020, "P15DT5H0M20S"), ("P7W", 49, 0, "P7W"), ("-PT15M", 0, -900, "-PT15M"),
        ("+P1D", 1, 0, "P1D"), ("PT0S", 0, 0, "PT0S"), ("-P0DT0H30M0S", 0, -1800, "-PT30M"),
        ("pt1h30s", 0, 3630, "PT1H0M30S"), ("P1W2D", 9, 0, "P9D"), ("-P1D", -1, 0, "-P1D"),
    ])
    func `Durations are read and written`(text: String, days: Int, seconds: Int, written: String) throws {
        let duration = try #require(ICalendarDuration(text.utf8))
        #expect(duration.days == days)
        #expect(duration.seconds == seconds)
        #expect(duration.description == written)
        #expect(duration.isNegative == (text.utf8.first == UInt8(ascii: "-")))
    }

    @Test(arguments: [
        "", "P", "PT", "P1", "1D", "P1H", "PT1D", "P1DT", "PT5M1H", "P1DT1H1", "P99999999999999999999D",
        "P 1D",
    ])
    func `What is not a duration is refused`(text: String) {
        #expect(ICalendarDuration(text.utf8) == nil)
    }

    @Test(arguments: [
        ("-0500", -18000, "-0500"), ("+0100", 3600, "+0100"), ("+013045", 5445, "+013045"),
        ("-0000", 0, "+0000"),
    ])
    func `Offsets are read and written`(text: String, seconds: Int, written: String) throws {
        let offset = try #require(UTCOffset(text.utf8))
        #expect(offset.seconds == seconds)
        #expect(offset.description == written)
    }

    @Test(arguments: ["", "+", "5", "+05:00", "+0560", "+05000", "+050060"])
    func `What is not an offset is refused`(text: String) {
        #expect(UTCOffset(text.utf8) == nil)
    }

    @Test func `Both forms of period are read`() throws {
        let explicit = try #require(Period("19970101T180000Z/19970102T070000Z".utf8))
        let end = try #require(DateTimeValue("19970102T070000Z".utf8))
        #expect(explicit.end == .at(end))
        let long = try #require(Period("19970101T180000/PT5H30M".utf8, tzid: "Europe/Berlin"))
        #expect(long.end == .after(ICalendarDuration(seconds: 19800)))
        #expect(long.start.tzid == "Europe/Berlin")
        for text in ["19970101T180000Z", "19970101T180000Z/", "/PT1H", "19970101T180000Z/-PT1H"] {
            #expect(Period(text.utf8) == nil)
        }
    }

    @Test func `EXDATE and RDATE hold lists, and a zone with blanks around its name`() throws {
        let zone = Parameter(name: "tzid", values: [" America/New_York "])
        let exdate = ContentLine(
            name: "EXDATE", parameters: [zone], value: "19970714T083000, 19970715T083000,")
        let dates = try #require(DateTimeValue.list(exdate))
        #expect(dates.map(\.description) == ["19970714T083000", "19970715T083000"])
        #expect(dates.map(\.tzid) == ["America/New_York", "America/New_York"])

        let rdate = ContentLine(
            name: "RDATE", value: "19960403T020000Z/19960403T040000Z,19960404T010000Z/PT3H,19970101")
        let more = try #require(RecurrenceDate.list(rdate))
        #expect(more.map(\.start.description) == ["19960403T020000Z", "19960404T010000Z", "19970101"])
        #expect(DateTimeValue.list(ContentLine(name: "EXDATE", value: "19970714T083000,tomorrow")) == nil)
        #expect(DateTimeValue(ContentLine(name: "DTSTART", value: "19970714,19970715")) == nil)
    }

    @Test func `A value is written with the parameters it needs`() throws {
        let date = try #require(DateTimeValue("19970714".utf8))
        let zoned = try #require(DateTimeValue("19970714T083000".utf8, tzid: "Europe/Paris"))
        #expect(
            String(decoding: date.property("DTSTART").bytes, as: UTF8.self)
                == "DTSTART;VALUE=DATE:19970714\r\n")
        #expect(
            String(decoding: zoned.property("DTSTART").bytes, as: UTF8.self)
                == "DTSTART;TZID=Europe/Paris:19970714T083000\r\n")
    }
}
