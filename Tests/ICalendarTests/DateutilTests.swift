import ICalendar
import Testing
import WireTestSupport

@Suite("Recurrence rules against python-dateutil") struct DateutilTests {
    struct Line {
        let kind: Substring
        let start: CivilDateTime
        let rule: RecurrenceRule
        let horizon: CivilDateTime
        let dates: Substring

        init(_ text: Substring) throws {
            let columns = text.split(separator: "\t", omittingEmptySubsequences: false)
            try #require(columns.count == 5)
            kind = columns[0]
            start = try #require(DateTimeValue(columns[1].utf8)).local
            rule = try RecurrenceRule(columns[2].utf8)
            horizon = try #require(DateTimeValue(columns[3].utf8)).local
            dates = columns[4]
        }
    }

    static let mostDates = 12

    /// The departures of dateutil from RFC 5545, each explained in `expected.py`, and how often they must occur.
    static let departures: [Substring: Int] = [
        "weekday-of-weekno-from-dtstart": 20, "weekly-set-starts-with-the-week": 30,
        "byday-with-and-without-numbers": 20, "weeks-at-the-ends-of-the-year": 10,
    ]

    @Test func `3000 generated rules give the dates dateutil gives, all but four known departures`() throws {
        let lines = try PythonProgram.lines(of: "Dateutil/expected.py", ["5545", "3000"]).map(Line.init)
        #expect(lines.count == 3000)
        var counts: [Substring: Int] = [:]
        for line in lines {
            counts[line.kind, default: 0] += 1
            let expansion = RecurrenceExpansion(line.rule, start: line.start, until: line.rule.until?.local)
            var found = Array(expansion.prefix(Self.mostDates))
            while found.count > 1, let last = found.last, last > line.horizon { found.removeLast() }
            let dates = found.map(\.description).joined(separator: ",")
            #expect(dates == line.dates, "DTSTART:\(line.start) RRULE:\(line.rule) (\(line.kind))")
        }
        #expect(counts["plain", default: 0] >= 2500)
        #expect(Set(counts.keys) == Set(Self.departures.keys).union(["plain"]))
        for (kind, least) in Self.departures { #expect(counts[kind, default: 0] >= least) }
    }

    @Test func `An expansion that starts late gives the same dates as one that starts at the beginning`()
        throws
    {
        for line in try PythonProgram.lines(of: "Dateutil/expected.py", ["4791", "600"]).map(Line.init) {
            let end = line.rule.until?.local
            let all = Array(
                RecurrenceExpansion(line.rule, start: line.start, until: end).prefix(Self.mostDates))
            for (index, date) in all.enumerated() {
                for notBefore in [date, date.adding(seconds: -1)]
                where index == 0 || notBefore > all[index - 1] {
                    let late = RecurrenceExpansion(
                        line.rule, start: line.start, until: end, notBefore: notBefore)
                    let dates = Array(late.prefix(all.count - index))
                    #expect(
                        dates == Array(all[index...]),
                        "DTSTART:\(line.start) RRULE:\(line.rule) from \(notBefore)")
                }
            }
        }
    }
}
