import ICalendar
import Index

/// When the instances of a rule start, on the clock of the first one: listed as far as they are few, or repeat.
struct SeriesStarts {
    /// Instances that are listed.
    private static let most = 130
    private static let day = 86400

    /// Seconds after which the list repeats itself, 0 for one that does not.
    private let period: Int
    /// How many there are of a list that repeats itself, 0 for no end.
    private let count: Int
    /// Whether a list that does not repeat itself is all.
    private let isAll: Bool
    /// The times from each start to the next are multiples of that many seconds.
    private let unit: Int
    private let listed: Int
    private let steps: Range<Int>

    private enum Flag {
        static let isAll: UInt8 = 1
        static let inDays: UInt8 = 2
    }

    /// Reads what `write` wrote.
    init(_ fields: inout FieldReader, in record: Span<UInt8>) {
        let flags = fields.byte(record)
        self.isAll = flags & Flag.isAll != 0
        self.unit = flags & Flag.inDays != 0 ? Self.day : 1
        self.period = fields.number(record)
        self.count = fields.number(record)
        self.listed = fields.number(record)
        self.steps = fields.field(record)
    }

    /// Appends the starts of a rule whose first instance starts at `first`.
    static func write(_ rule: RecurrenceRule, first: Int, isDate: Bool, to fields: inout FieldWriter) {
        var (times, isAll) = times(of: rule, first: first, isDate: isDate)
        let period = period(of: rule, &times)
        let steps = zip(times, times.dropFirst()).map { $1 - $0 }
        let unit = steps.allSatisfy { $0 % day == 0 } ? day : 1
        if period > 0 { isAll = false }
        fields.add(byte: (isAll ? Flag.isAll : 0) | (unit == day ? Flag.inDays : 0))
        fields.add(number: period)
        fields.add(number: period > 0 ? rule.count ?? 0 : 0)
        fields.add(number: steps.count)
        var written = FieldWriter()
        for step in steps { written.add(number: step / unit) }
        fields.add(bytes: written.bytes)
    }

    private static func times(
        of rule: RecurrenceRule, first: Int, isDate: Bool
    ) -> (times: [Int], isAll: Bool) {
        // Roughly, as both may be on different clocks.
        let until = rule.until.map { $0.local.secondsSinceEpoch + 2 * day }
        var expansion = RecurrenceExpansion(
            rule, start: CivilDateTime(secondsSinceEpoch: first), isDate: isDate, maxSteps: 1000)
        var times: [Int] = []
        while times.count < most {
            guard let next = expansion.next()?.secondsSinceEpoch else { return (times, !expansion.gaveUp) }
            if let until, next > until, next != first { return (times, true) }
            times.append(next)
        }
        return (times, false)
    }

    /// The seconds after which the starts repeat themselves, of which `times` then holds the first period and the start
    /// behind it; 0 when they do not.
    private static func period(of rule: RecurrenceRule, _ times: inout [Int]) -> Int {
        let parts = [
            rule.bySecond, rule.byMinute, rule.byHour, rule.byMonthDay, rule.byYearDay, rule.byWeekNumber,
            rule.byMonth, rule.bySetPosition,
        ]
        guard let first = times.first, parts.allSatisfy(\.isEmpty), 0 < rule.interval,
            rule.interval < 10_000
        else { return 0 }
        let period: Int
        switch rule.frequency {
        case .weekly: period = 7 * day * rule.interval
        case .daily where rule.byDay.isEmpty: period = day * rule.interval
        case .daily where rule.interval == 1: period = 7 * day
        default: return 0
        }
        let listed = times.count { $0 < first + period }
        // A start that the rule itself would not give is not repeated.
        guard times.count > 2 * listed,
            zip(times, times.dropFirst(listed)).allSatisfy({ $1 - $0 == period })
        else { return 0 }
        times.removeLast(times.count - listed - 1)
        return period
    }

    /// The starts that are not before `earliest`, the first instance starting at `first`.
    func iterator(from first: Int, notBefore earliest: Int) -> Iterator {
        Iterator(self, from: first, notBefore: earliest)
    }

    /// Goes through the starts one after the other.
    struct Iterator {
        private let starts: SeriesStarts
        private let earliest: Int
        private var upcoming: Int?
        private var number: Int
        private var fields: FieldReader
        /// Whether there are no more after the last one, and not only none that are listed.
        private(set) var isComplete = false

        fileprivate init(_ starts: SeriesStarts, from first: Int, notBefore earliest: Int) {
            self.starts = starts
            self.earliest = earliest
            let missed = starts.period > 0 ? max(0, (earliest - first) / starts.period) : 0
            self.upcoming = first + missed * starts.period
            self.number = missed * starts.listed
            self.fields = FieldReader(starts.steps)
        }

        /// The next start, nil after the last that is listed.
        mutating func next(in record: Span<UInt8>) -> Int? {
            while let start = upcoming {
                if starts.count > 0, number >= starts.count {
                    upcoming = nil
                    isComplete = true
                    return nil
                }
                number += 1
                advance(from: start, in: record)
                if start >= earliest { return start }
            }
            return nil
        }

        private mutating func advance(from start: Int, in record: Span<UInt8>) {
            if fields.isAtEnd {
                guard starts.period > 0 else {
                    upcoming = nil
                    isComplete = starts.isAll
                    return
                }
                fields = FieldReader(starts.steps)
            }
            let step = fields.number(record) * starts.unit
            upcoming = fields.isDamaged || step <= 0 ? nil : start + step
        }
    }
}
