import ICalendar
import Testing

@Suite("Dates and times, RFC 5545 §3.3.4 and §3.3.5") struct CivilDateTests {
    @Test func `Day numbers and dates are each other's inverse over 9000 years, one day after the other`()
        throws
    {
        var date = try #require(CivilDate(year: 1000, month: 1, day: 1))
        let last = try #require(CivilDate(year: 9999, month: 12, day: 31)).daysSinceEpoch
        var days = date.daysSinceEpoch
        while days < last {
            days += 1
            let next = CivilDate(daysSinceEpoch: days)
            let isNextDay =
                next.day == date.day + 1 && next.month == date.month && next.year == date.year
                || next.day == 1 && date.day == CivilDate.daysInMonth(date.month, of: date.year)
                    && (next.month == date.month + 1 && next.year == date.year
                        || next.month == 1 && date.month == 12 && next.year == date.year + 1)
            if !isNextDay || next.daysSinceEpoch != days {
                Issue.record("\(next) after \(date)")
                return
            }
            date = next
        }
    }

    @Test(arguments: [
        ("19700101", 0, Weekday.thursday, 1), ("20000229", 11016, .tuesday, 60),
        ("19691231", -1, .wednesday, 365),
        ("20261122", 20779, .sunday, 326), ("00010101", -719_162, .monday, 1),
    ])
    func `A date knows its day number, weekday and day of the year`(
        text: String, days: Int, weekday: Weekday, dayOfYear: Int
    ) throws {
        let date = try #require(CivilDate(text.utf8))
        #expect(date.daysSinceEpoch == days)
        #expect(date.weekday == weekday)
        #expect(date.dayOfYear == dayOfYear)
        #expect(date.description == text)
    }

    @Test(arguments: [
        "", "1997", "19970229", "19971301", "19970001", "19970100", "1997071", "199707144", "1997-7-1",
    ])
    func `What is not a date is refused`(text: String) {
        #expect(CivilDate(text.utf8) == nil)
    }

    @Test(arguments: [
        ("19980118T230000", "19980118T230000"), ("19980119T070000Z", "19980119T070000Z"),
        ("19970714", "19970714"),
        ("19970630T235960Z", "19970630T235959Z"), ("19980119t070000z", "19980119T070000Z"),
    ])
    func `Each form of date-time is read and written`(text: String, written: String) throws {
        #expect(try #require(DateTimeValue(text.utf8)).description == written)
    }

    @Test(arguments: [
        "19980119T230000-0800", "19980119T240000", "19980119T236000", "19980119T23", "19980119 230000",
        "T230000",
        "19980119T230000ZZ",
    ])
    func `What is not a date-time is refused`(text: String) {
        #expect(DateTimeValue(text.utf8) == nil)
    }

    @Test func `A zone applies to local times only`() throws {
        let zone = "America/New_York"
        #expect(DateTimeValue("19970714".utf8, tzid: zone)?.tzid == nil)
        #expect(DateTimeValue("19970714T000000Z".utf8, tzid: zone)?.tzid == nil)
        #expect(DateTimeValue("19970714T000000".utf8, tzid: zone)?.tzid == zone)
    }
}
