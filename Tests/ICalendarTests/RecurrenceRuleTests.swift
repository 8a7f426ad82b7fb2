import ICalendar
import Testing

@Suite("Recurrence rules as text, RFC 5545 §3.3.10") struct RecurrenceRuleTests {
    @Test(arguments: [
        ("FREQ=DAILY;COUNT=10;INTERVAL=2", "FREQ=DAILY;COUNT=10;INTERVAL=2"),
        ("wkst=su;byday=+1mo,-2Tu,we;freq=yearly;", "FREQ=YEARLY;BYDAY=1MO,-2TU,WE;WKST=SU"),
        ("FREQ=MONTHLY;UNTIL=19971224", "FREQ=MONTHLY;UNTIL=19971224"),
        ("FREQ=MONTHLY;UNTIL=19971224t000000z;COUNT=3", "FREQ=MONTHLY;UNTIL=19971224T000000Z;COUNT=3"),
        (
            "FREQ=SECONDLY;BYSECOND=0,60;BYMINUTE=59;BYHOUR=23;BYMONTHDAY=-31,31;BYYEARDAY=-366,+1;BYWEEKNO=-53;"
                + "BYMONTH=12;BYSETPOS=-1",
            "FREQ=SECONDLY;BYMONTH=12;BYWEEKNO=-53;BYYEARDAY=-366,1;BYMONTHDAY=-31,31;BYHOUR=23;BYMINUTE=59;"
                + "BYSECOND=0,60;BYSETPOS=-1"
        ),
        ("RSCALE=gregorian;FREQ=MONTHLY;SKIP=forward", "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD"),
        ("FREQ=DAILY;X-NOTE=1; INTERVAL = 3", "FREQ=DAILY;INTERVAL=3"), ("FREQ=DAILY;WKST=MO", "FREQ=DAILY"),
    ])
    func `Rules are read in any order and case, and written with FREQ first`(text: String, written: String)
        throws
    {
        let rule = try RecurrenceRule(text.utf8)
        #expect(rule.description == written)
        #expect(try RecurrenceRule(written.utf8) == rule)
    }

    @Test(arguments: [
        ("", RecurrenceRuleError.noFrequency), ("COUNT=3", .noFrequency),
        ("FREQ=DAILY;FREQ=DAILY", .repeatedPart("FREQ")),
        ("FREQ=DAILY;BYMONTH=1;bymonth=2", .repeatedPart("BYMONTH")),
        ("FREQ=HOURLYISH", .invalidValue("FREQ")),
        ("FREQ=DAILY;BYEASTER=1", .unknownPart("BYEASTER")), ("FREQ=DAILY;COUNT=0", .invalidValue("COUNT")),
        ("FREQ=DAILY;INTERVAL=0", .invalidValue("INTERVAL")),
        ("FREQ=DAILY;INTERVAL=-1", .invalidValue("INTERVAL")),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", .invalidValue("INTERVAL")),
        ("FREQ=DAILY;UNTIL=tomorrow", .invalidValue("UNTIL")),
        ("FREQ=DAILY;BYSECOND=61", .invalidValue("BYSECOND")),
        ("FREQ=DAILY;BYMINUTE=60", .invalidValue("BYMINUTE")),
        ("FREQ=DAILY;BYHOUR=24", .invalidValue("BYHOUR")),
        ("FREQ=DAILY;BYHOUR=-1", .invalidValue("BYHOUR")),
        ("FREQ=DAILY;BYMONTH=13", .invalidValue("BYMONTH")),
        ("FREQ=DAILY;BYMONTH=5L", .invalidValue("BYMONTH")),
        ("FREQ=DAILY;BYMONTHDAY=0", .invalidValue("BYMONTHDAY")),
        ("FREQ=DAILY;BYMONTHDAY=-32", .invalidValue("BYMONTHDAY")),
        ("FREQ=YEARLY;BYYEARDAY=367", .invalidValue("BYYEARDAY")),
        ("FREQ=YEARLY;BYWEEKNO=54", .invalidValue("BYWEEKNO")),
        ("FREQ=YEARLY;BYSETPOS=0", .invalidValue("BYSETPOS")),
        ("FREQ=YEARLY;BYDAY=0MO", .invalidValue("BYDAY")), ("FREQ=YEARLY;BYDAY=54MO", .invalidValue("BYDAY")),
        ("FREQ=YEARLY;BYDAY=-MO", .invalidValue("BYDAY")), ("FREQ=YEARLY;BYDAY=", .invalidValue("BYDAY")),
        ("FREQ=YEARLY;BYDAY=XX", .invalidValue("BYDAY")), ("FREQ=YEARLY;WKST=MOO", .invalidValue("WKST")),
        ("FREQ=YEARLY;COUNT", .invalidValue("COUNT")),
        ("RSCALE=CHINESE;FREQ=YEARLY", .unsupportedScale("CHINESE")),
    ])
    func `A rule that breaks a limit is refused, and the part named`(text: String, error: RecurrenceRuleError)
    {
        #expect(throws: error) { try RecurrenceRule(text.utf8) }
    }
}
