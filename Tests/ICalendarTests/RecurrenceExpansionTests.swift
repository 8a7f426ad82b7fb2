import Glibc
import ICalendar
import Testing

@Suite("Expansion of recurrence rules, RFC 5545 §3.3.10") struct RecurrenceExpansionTests {
    static func times(_ rule: String, from start: String, notBefore: String? = nil) throws
        -> RecurrenceExpansion
    {
        let rule = try RecurrenceRule(rule.utf8)
        let first = try #require(DateTimeValue(start.utf8))
        return RecurrenceExpansion(
            rule, start: first.local, isDate: first.isDate, until: rule.until?.local,
            notBefore: try notBefore.map { try #require(DateTimeValue($0.utf8)).local })
    }

    /// What `work` takes of this thread's time, whatever else the machine does.
    static func processorTime(_ work: () throws -> Void) rethrows -> Duration {
        func now() -> Duration {
            var time = timespec()
            unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = now()
        try work()
        return now() - start
    }

    @Test(
        arguments: [
            "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=SECONDLY;BYYEARDAY=-366;BYMONTH=2", "FREQ=SECONDLY;BYYEARDAY=366;BYMONTHDAY=30",
            "FREQ=MONTHLY;BYMONTHDAY=1;BYDAY=5MO", "FREQ=MONTHLY;BYDAY=6MO",
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=-30",
            "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1", "FREQ=YEARLY;BYDAY=53MO;BYYEARDAY=1;BYHOUR=1,2,3",
            "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
            "FREQ=DAILY;INTERVAL=7;BYDAY=WE", "FREQ=DAILY;BYSETPOS=2;BYHOUR=9",
            "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4",
            "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
            "FREQ=HOURLY;BYMINUTE=1,2;BYSETPOS=3",
            "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5", "FREQ=MINUTELY;INTERVAL=60;BYMINUTE=1",
            "FREQ=SECONDLY;BYSETPOS=2",
            "FREQ=SECONDLY;INTERVAL=60;BYSECOND=1", "FREQ=SECONDLY;INTERVAL=86400;BYHOUR=5;BYMINUTE=5",
            "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=1000000",
            "FREQ=YEARLY;INTERVAL=2147483647;BYMONTH=2;BYMONTHDAY=29",
            "FREQ=DAILY;INTERVAL=2147483647;BYMONTH=4",
        ])
    func `A rule that gives nothing but DTSTART ends within 50 ms`(rule: String) throws {
        var expansion = try Self.times(rule, from: "20250107T090000")
        #expect(expansion.next()?.description == "20250107T090000")
        var next: CivilDateTime?
        let quickest = (0..<3).map { _ in
            Self.processorTime {
                var copy = expansion
                next = copy.next()
            }
        }.min()
        #expect(next == nil)
        #expect(try #require(quickest) < .milliseconds(50))
    }

    @Test(arguments: [
        ("FREQ=DAILY", "25001122T090000", "25001122T090000"),
        ("FREQ=SECONDLY;BYMONTH=12;BYHOUR=3;BYSECOND=5", "25001122T090000", "25001201T030005"),
        ("FREQ=MINUTELY;INTERVAL=7;BYDAY=SU", "25001122T090000", "25001128T000400"),
        ("FREQ=WEEKLY;INTERVAL=3;COUNT=1000000", "25001122T090000", "25001207T090000"),
        ("FREQ=SECONDLY;COUNT=2000000000", "20301122T090000", "20301122T090000"),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=100000", "25001122T090000", "25001126T090000"),
        (
            "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5;BYSECOND=1,2,3", "25001122T090000",
            "25010106T000001"
        ),
    ])
    func `The first time after a far date is found at once`(rule: String, notBefore: String, first: String)
        throws
    {
        var next: CivilDateTime?
        let times = try (0..<3).map { _ in
            try Self.processorTime {
                var expansion = try Self.times(rule, from: "19700106T090000", notBefore: notBefore)
                next = expansion.next()
            }
        }
        #expect(next?.description == first)
        #expect(try #require(times.min()) < .milliseconds(50))
    }

    @Test func `COUNT counts the times before the first one asked for`() throws {
        let rule = "FREQ=MINUTELY;BYHOUR=9,10;BYDAY=MO,TU;COUNT=300"
        let all = Array(try Self.times(rule, from: "20250107T090000"))
        #expect(all.count == 300)
        let late = try Self.times(rule, from: "20250107T090000", notBefore: "20250113T103000")
        #expect(Array(late) == all.filter { $0.description >= "20250113T103000" })
        #expect(!Array(late).isEmpty)
        let none = try Self.times(rule, from: "20250107T090000", notBefore: "20260101T000000")
        #expect(Array(none).isEmpty)
    }

    @Test func `A search that takes too many steps is given up, and says so`() throws {
        let rule = try RecurrenceRule("FREQ=MINUTELY;BYHOUR=9;COUNT=1000000".utf8)
        let start = try #require(DateTimeValue("20250107T090000".utf8)).local
        var expansion = RecurrenceExpansion(
            rule, start: start, notBefore: start.adding(days: 300), maxSteps: 1000)
        #expect(expansion.next() == nil)
        #expect(expansion.gaveUp)
        var patient = RecurrenceExpansion(rule, start: start, notBefore: start.adding(days: 300))
        #expect(patient.next() == start.adding(days: 300))
        #expect(!patient.gaveUp)
    }

    @Test func `DTSTART comes first and counts, though the rule would not give it`() throws {
        let times = try Self.times("FREQ=WEEKLY;BYDAY=MO;COUNT=3", from: "20250107T090000")
        #expect(times.map(\.description) == ["20250107T090000", "20250113T090000", "20250120T090000"])
        let ended = try Self.times("FREQ=WEEKLY;UNTIL=20200101T000000", from: "20250107T090000")
        #expect(ended.map(\.description) == ["20250107T090000"])
    }

    @Test func `Whole days ignore the parts for the time of day`() throws {
        let daily = try Self.times("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=5;BYSECOND=1;COUNT=2", from: "20250107")
        #expect(daily.map(\.description) == ["20250107T000000", "20250108T000000"])
        let hourly = try Self.times("FREQ=HOURLY;INTERVAL=48;COUNT=2", from: "20250107")
        #expect(hourly.map(\.description) == ["20250107T000000", "20250109T000000"])
    }

    @Test func `The last instance is in the year 9999`() throws {
        let late = try Self.times(
            "FREQ=YEARLY;INTERVAL=3", from: "20250107T090000", notBefore: "99900101T000000")
        #expect(
            late.map(\.description) == [
                "99900107T090000", "99930107T090000", "99960107T090000", "99990107T090000",
            ])
        let daily = try Self.times("FREQ=DAILY", from: "20250107T090000", notBefore: "99991230T000000")
        #expect(daily.map(\.description) == ["99991230T090000", "99991231T090000"])
    }

    @Test func `A leap second is the second before it`() throws {
        let times = try Self.times("FREQ=MINUTELY;BYSECOND=59,60;COUNT=2", from: "20250107T090059")
        #expect(times.map(\.description) == ["20250107T090059", "20250107T090159"])
    }

    @Test(arguments: [
        ("FREQ=MONTHLY;SKIP=OMIT;COUNT=4", "20140131", ["20140131", "20140331", "20140531", "20140731"]),
        ("FREQ=MONTHLY;SKIP=BACKWARD;COUNT=4", "20140131", ["20140131", "20140228", "20140331", "20140430"]),
        ("FREQ=MONTHLY;SKIP=FORWARD;COUNT=4", "20140131", ["20140131", "20140301", "20140331", "20140501"]),
        ("FREQ=MONTHLY;INTERVAL=3;SKIP=FORWARD;COUNT=3", "20140131", ["20140131", "20140501", "20140731"]),
        ("FREQ=YEARLY;SKIP=BACKWARD;COUNT=3", "20120229", ["20120229", "20130228", "20140228"]),
        ("FREQ=YEARLY;SKIP=FORWARD;COUNT=3", "20120229", ["20120229", "20130301", "20140301"]),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=BACKWARD;COUNT=3", "20140301",
            ["20140301", "20140331", "20140501"]
        ),
    ])
    func `SKIP moves days that do not exist, as RFC 7529 says`(rule: String, start: String, dates: [String])
        throws
    {
        let times = try Self.times("RSCALE=GREGORIAN;" + rule, from: start)
        #expect(times.map(\.date.description) == dates)
    }
}
