import ICalendar
import Testing

/// Dates are written as `EDT 199709 2-30` for days of a month at 9:00 on New York's summer clock.
///
/// `9:20,9:40` after a single day are times on it. `...` at the end means that there are more.
@Suite("All examples of RFC 5545 §3.8.5.3") struct RecurrenceExamplesTests {
    struct Example: CustomTestStringConvertible {
        let name: String
        let start: String
        let rules: [String]
        let dates: String
        var exception: String?

        init(_ name: String, _ start: String, _ rules: String..., dates: String, exception: String? = nil) {
            (self.name, self.start, self.rules, self.dates, self.exception) = (
                name, start, rules, dates, exception
            )
        }

        var testDescription: String { name }
    }

    static let twentyMinutes =
        "9:00,9:20,9:40,10:00,10:20,10:40,11:00,11:20,11:40,12:00,12:20,12:40,13:00,13:20,13:40,14:00,14:20,14:40,"
        + "15:00,15:20,15:40,16:00,16:20,16:40"

    static let examples = [
        Example("Daily for 10 occurrences", "19970902", "FREQ=DAILY;COUNT=10", dates: "EDT 199709 2-11"),
        Example(
            "Daily until December 24, 1997", "19970902", "FREQ=DAILY;UNTIL=19971224T000000Z",
            dates: "EDT 199709 2-30; 199710 1-25; EST 199710 26-31; 199711 1-30; 199712 1-23"),
        Example(
            "Every other day - forever", "19970902", "FREQ=DAILY;INTERVAL=2",
            dates:
                "EDT 199709 2,4,6,8,10,12,14,16,18,20,22,24,26,28,30; 199710 2,4,6,8,10,12,14,16,18,20,22,24;"
                + "EST 199710 26,28,30; 199711 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29; 199712 1,3 ..."),
        Example(
            "Every 10 days, 5 occurrences", "19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5",
            dates: "EDT 199709 2,12,22; 199710 2,12"),
        Example(
            "Every day in January, for 3 years", "19980101",
            "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
            "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", dates: "EST 199801 1-31; 199901 1-31; 200001 1-31"),
        Example(
            "Weekly for 10 occurrences", "19970902", "FREQ=WEEKLY;COUNT=10",
            dates: "EDT 199709 2,9,16,23,30; 199710 7,14,21; EST 199710 28; 199711 4"),
        Example(
            "Weekly until December 24, 1997", "19970902", "FREQ=WEEKLY;UNTIL=19971224T000000Z",
            dates:
                "EDT 199709 2,9,16,23,30; 199710 7,14,21; EST 199710 28; 199711 4,11,18,25; 199712 2,9,16,23"),
        Example(
            "Every other week - forever", "19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
            dates: "EDT 199709 2,16,30; 199710 14; EST 199710 28; 199711 11,25; 199712 9,23; 199801 6,20;"
                + "199802 3,17 ..."),
        Example(
            "Weekly on Tuesday and Thursday for five weeks", "19970902",
            "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
            "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
            dates: "EDT 199709 2,4,9,11,16,18,23,25,30; 199710 2"),
        Example(
            "Every other week on Monday, Wednesday, and Friday until December 24, 1997", "19970901",
            "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
            dates: "EDT 199709 1,3,5,15,17,19,29; 199710 1,3,13,15,17; EST 199710 27,29,31;"
                + "199711 10,12,14,24,26,28; 199712 8,10,12,22"),
        Example(
            "Every other week on Tuesday and Thursday, for 8 occurrences", "19970902",
            "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
            dates: "EDT 199709 2,4,16,18,30; 199710 2,14,16"),
        Example(
            "Monthly on the first Friday for 10 occurrences", "19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
            dates: "EDT 199709 5; 199710 3; EST 199711 7; 199712 5; 199801 2; 199802 6; 199803 6; 199804 3;"
                + "EDT 199805 1; 199806 5"),
        Example(
            "Monthly on the first Friday until December 24, 1997", "19970905",
            "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
            dates: "EDT 199709 5; 199710 3; EST 199711 7; 199712 5"),
        Example(
            "Every other month on the first and last Sunday of the month for 10 occurrences", "19970907",
            "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
            dates: "EDT 199709 7,28; EST 199711 2,30; 199801 4,25; 199803 1,29; EDT 199805 3,31"),
        Example(
            "Monthly on the second-to-last Monday of the month for 6 months", "19970922",
            "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
            dates: "EDT 199709 22; 199710 20; EST 199711 17; 199712 22; 199801 19; 199802 16"),
        Example(
            "Monthly on the third-to-the-last day of the month, forever", "19970928",
            "FREQ=MONTHLY;BYMONTHDAY=-3",
            dates: "EDT 199709 28; EST 199710 29; 199711 28; 199712 29; 199801 29; 199802 26 ..."),
        Example(
            "Monthly on the 2nd and 15th of the month for 10 occurrences", "19970902",
            "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
            dates: "EDT 199709 2,15; 199710 2,15; EST 199711 2,15; 199712 2,15; 199801 2,15"),
        Example(
            "Monthly on the first and last day of the month for 10 occurrences", "19970930",
            "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
            dates: "EDT 199709 30; 199710 1; EST 199710 31; 199711 1,30; 199712 1,31; 199801 1,31; 199802 1"),
        Example(
            "Every 18 months on the 10th thru 15th of the month for 10 occurrences", "19970910",
            "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
            dates: "EDT 199709 10-15; EST 199903 10-13"),
        Example(
            "Every Tuesday, every other month", "19970902", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
            dates:
                "EDT 199709 2,9,16,23,30; EST 199711 4,11,18,25; 199801 6,13,20,27; 199803 3,10,17,24,31 ..."),
        Example(
            "Yearly in June and July for 10 occurrences", "19970610", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
            dates:
                "EDT 199706 10; 199707 10; 199806 10; 199807 10; 199906 10; 199907 10; 200006 10; 200007 10;"
                + "200106 10; 200107 10"),
        Example(
            "Every other year on January, February, and March for 10 occurrences", "19970310",
            "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
            dates:
                "EST 199703 10; 199901 10; 199902 10; 199903 10; 200101 10; 200102 10; 200103 10; 200301 10;"
                + "200302 10; 200303 10"),
        Example(
            "Every third year on the 1st, 100th, and 200th day for 10 occurrences", "19970101",
            "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
            dates:
                "EST 199701 1; EDT 199704 10; 199707 19; EST 200001 1; EDT 200004 9; 200007 18; EST 200301 1;"
                + "EDT 200304 10; 200307 19; EST 200601 1"),
        Example(
            "Every 20th Monday of the year, forever", "19970519", "FREQ=YEARLY;BYDAY=20MO",
            dates: "EDT 199705 19; 199805 18; 199905 17 ..."),
        Example(
            "Monday of week number 20 (where the default start of the week is Monday), forever", "19970512",
            "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", dates: "EDT 199705 12; 199805 11; 199905 17 ..."),
        Example(
            "Every Thursday in March, forever", "19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
            dates: "EST 199703 13,20,27; 199803 5,12,19,26; 199903 4,11,18,25 ..."),
        Example(
            "Every Thursday, but only during June, July, and August, forever", "19970605",
            "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
            dates: "EDT 199706 5,12,19,26; 199707 3,10,17,24,31; 199708 7,14,21,28; 199806 4,11,18,25;"
                + "199807 2,9,16,23,30; 199808 6,13,20,27; 199906 3,10,17,24; 199907 1,8,15,22,29; 199908 5,12,19,26 ..."
        ),
        Example(
            "Every Friday the 13th, forever", "19970902", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            dates: "EST 199802 13; 199803 13; 199811 13; EDT 199908 13; 200010 13 ...", exception: "19970902"),
        Example(
            "The first Saturday that follows the first Sunday of the month, forever", "19970913",
            "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
            dates: "EDT 199709 13; 199710 11; EST 199711 8; 199712 13; 199801 10; 199802 7; 199803 7;"
                + "EDT 199804 11; 199805 9; 199806 13 ..."),
        Example(
            "Every 4 years, the first Tuesday after a Monday in November, forever", "19961105",
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            dates: "EST 199611 5; 200011 7; 200411 2 ..."),
        Example(
            "The third instance into the month of one of Tuesday, Wednesday, or Thursday, for the next 3 months",
            "19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
            dates: "EDT 199709 4; 199710 7; EST 199711 6"),
        Example(
            "The second-to-last weekday of the month", "19970929",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
            dates: "EDT 199709 29; EST 199710 30; 199711 27; 199712 30; 199801 29; 199802 26; 199803 30 ..."),
        // The RFC says UNTIL=19970902T170000Z, which is 13:00 in New York and contradicts its list of dates.
        Example(
            "Every 3 hours from 9:00 AM to 5:00 PM on a specific day", "19970902",
            "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T210000Z", dates: "EDT 199709 2 9:00,12:00,15:00"),
        Example(
            "Every 15 minutes for 6 occurrences", "19970902", "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
            dates: "EDT 199709 2 9:00,9:15,9:30,9:45,10:00,10:15"),
        Example(
            "Every hour and a half for 4 occurrences", "19970902", "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
            dates: "EDT 199709 2 9:00,10:30,12:00,13:30"),
        Example(
            "Every 20 minutes from 9:00 AM to 4:40 PM every day", "19970902",
            "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
            "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
            dates: "EDT 199709 2 \(twentyMinutes); 199709 3 \(twentyMinutes) ..."),
        Example(
            "WKST=MO", "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
            dates: "EDT 199708 5,10,19,24"),
        Example(
            "WKST=SU", "19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
            dates: "EDT 199708 5,17,19,31"),
        Example(
            "An invalid date (i.e., February 30) is ignored", "20070115",
            "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
            dates: "EST 200701 15,30; 200702 15; EDT 200703 15,30"),
        // RFC 5545 §3.3.10.
        Example(
            "Several BYxxx rule parts", "19970105T083000",
            "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30",
            dates: "EST 199701 5 8:30,9:30; 199701 12 8:30,9:30; 199701 19 8:30,9:30; 199701 26 8:30,9:30;"
                + "199901 3 8:30,9:30 ..."),
    ]

    /// The instants that the notation means, and whether there are more.
    static func instants(_ text: String) throws -> (instants: [String], areMore: Bool) {
        var instants: [String] = []
        var offset = 0
        for part in text.replacing("...", with: "").split(separator: ";") {
            var words = part.split(separator: " ")
            if let zone = words.first, zone == "EDT" || zone == "EST" {
                offset = zone == "EDT" ? -4 : -5
                words.removeFirst()
            }
            try #require(words.count == 2 || words.count == 3, "\(part)")
            let days = try words[1].split(separator: ",").flatMap { word in
                let ends = try word.split(separator: "-").map { try #require(Int($0)) }
                return Array(ends[0]...(ends.count > 1 ? ends[1] : ends[0]))
            }
            let times = words.count == 3 ? words[2].split(separator: ",") : ["9:00"]
            let month = try #require(Int(words[0]))
            for day in days {
                let date = CivilDateTime(
                    try #require(CivilDate(year: month / 100, month: month % 100, day: day)))
                for time in times {
                    let numbers = try time.split(separator: ":").map { try #require(Int($0)) }
                    let seconds = (numbers[0] - offset) * 3600 + numbers[1] * 60
                    instants.append(Instant(utc: date.adding(seconds: seconds)).description)
                }
            }
        }
        return (instants, text.hasSuffix("..."))
    }

    @Test(arguments: examples)
    func example(_ example: Example) throws {
        let (expected, areMore) = try Self.instants(example.dates)
        for rule in example.rules {
            let time = example.start.contains("T") ? "" : "T090000"
            let exception = example.exception.map { "EXDATE;TZID=America/New_York:\($0)T090000\n" } ?? ""
            let calendar = try CalendarParser.parse(
                Array(
                    """
                    BEGIN:VCALENDAR
                    BEGIN:VEVENT
                    UID:1
                    DTSTART;TZID=America/New_York:\(example.start)\(time)
                    RRULE:\(rule)
                    \(exception)END:VEVENT
                    END:VCALENDAR
                    """.utf8))
            let set = RecurrenceSet(calendar, zones: SystemZones.resolver())
            #expect(!set.hasUnreadableParts)
            let instances = set.instances(overlapping: TimeRange(start: nil, end: nil))
            let found = instances.prefix(expected.count + 1).map(\.start.description)
            #expect(Array(found.prefix(expected.count)) == expected, "\(rule)")
            #expect((found.count > expected.count) == areMore, "\(rule)")
        }
    }

    @Test func `There are as many examples as in the RFC`() {
        #expect(Self.examples.count == 40)
        #expect(Self.examples.reduce(0) { $0 + $1.rules.count } == 43)
    }
}
