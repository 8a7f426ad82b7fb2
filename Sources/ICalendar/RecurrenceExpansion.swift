/// The local start times a rule gives, one after the other (RFC 5545 §3.3.10).
///
/// Times are those of the clock on the wall where `DTSTART` is; what they are in UTC is up to the time zone.
/// `DTSTART` is the first instance and counts for COUNT, whether or not the rule would give it
/// (RFC 5545 §3.8.5.3 leaves that undefined; it is what clients do). An interval is what FREQ says, so BYSETPOS
/// counts from the beginning of the week, month or year of `DTSTART` and not from `DTSTART`.
///
/// - Complexity: Each time costs about constant work, also the first at or after `notBefore`: without COUNT the
///   intervals before are not visited, with COUNT they are only where their instances cannot be multiplied.
///   A rule that gives nothing ends after 400 years or some thousand intervals.
public struct RecurrenceExpansion: Sequence, IteratorProtocol {
    /// Whether the search for the next time was given up because it took too many steps.
    public internal(set) var gaveUp = false

    let frequency: RecurrenceRule.Frequency
    let interval: Int
    let start: CivilDateTime
    let first: Int
    let notBefore: Int
    let until: Int
    let hasCount: Bool
    let positionsInSet: [Int]
    let weekStart: Weekday
    let limits: TimeOfDayLimits

    var days: RecurrenceDays
    /// Instances that may still come.
    var remaining: Int
    /// The interval to look at next, counted from that of `DTSTART`.
    var nextInterval = 0
    var barrenIntervals = 0
    var stepsLeft: Int
    var isFinished = false
    var set = InstancesOfInterval()
    /// The rule's own times come after `first`, which is given before them, or at it.
    let firstOfRule: Int
    private var hasYieldedStart: Bool

    /// Intervals without an instance after which there will not be any.
    ///
    /// 4800 months are 400 years, after which the calendar repeats.
    static let maxBarrenIntervals = 4800

    /// Starts an expansion.
    ///
    /// - Parameters:
    ///   - rule: The rule; its UNTIL is not looked at.
    ///   - start: The local time of `DTSTART`.
    ///   - isDate: Whether `DTSTART` is a DATE: parts for the time of day are ignored, each time is a midnight.
    ///   - until: UNTIL in local time, see `RecurrenceRule.localEnd`.
    ///   - includingStart: Whether `start` is a time although the rule may not give it; EXRULE has no such time.
    ///   - notBefore: Leaves out times before this one, without visiting them where possible.
    ///   - maxSteps: How many intervals before `notBefore` a rule with COUNT may have to visit.
    public init(
        _ rule: RecurrenceRule, start: CivilDateTime, isDate: Bool = false, until: CivilDateTime? = nil,
        includingStart: Bool = true, notBefore: CivilDateTime? = nil, maxSteps: Int = 500_000
    ) {
        var rule = rule
        if isDate { rule.dropTimesOfDay() }
        frequency = rule.frequency
        interval = rule.interval
        self.start = start
        first = start.secondsSinceEpoch
        firstOfRule = includingStart ? first + 1 : first
        hasYieldedStart = !includingStart
        self.notBefore = notBefore?.secondsSinceEpoch ?? Int.min
        let end = CivilDate(uncheckedYear: 10000, month: 1, day: 1).daysSinceEpoch * 86400 - 1
        self.until = Swift.min(until?.secondsSinceEpoch ?? end, end)
        hasCount = rule.count != nil
        remaining = rule.count ?? Int.max
        positionsInSet = rule.bySetPosition
        weekStart = rule.weekStart
        limits = TimeOfDayLimits(rule, start: start)
        days = RecurrenceDays(rule, start: start.date)
        stepsLeft = maxSteps
        isFinished = !positionsInSet.isEmpty && positionsInSet.allSatisfy { abs($0) > mostInSet }
        if !hasCount { nextInterval = Swift.max(0, interval(at: self.notBefore)) }
    }

    /// The next local time, nil at the end.
    public mutating func next() -> CivilDateTime? {
        nextSeconds().map(CivilDateTime.init(secondsSinceEpoch:))
    }

    /// The next local time in seconds since 1970 on its clock.
    mutating func nextSeconds() -> Int? {
        if !hasYieldedStart {
            hasYieldedStart = true
            remaining -= 1
            if first >= notBefore { return first }
        }
        while !isFinished {
            guard let time = set.next() else {
                openNextInterval()
                continue
            }
            guard time <= until, remaining > 0 else { break }
            remaining -= 1
            return time
        }
        isFinished = true
        return nil
    }
}

extension RecurrenceRule {
    /// Makes the rule one for whole days.
    ///
    /// RFC 5545 §3.3.10: BYHOUR, BYMINUTE and BYSECOND are ignored when `DTSTART` is a DATE. Frequencies below a
    /// day can then only give each day, or every so many days.
    fileprivate mutating func dropTimesOfDay() {
        byHour = []
        byMinute = []
        bySecond = []
        guard frequency < .daily else { return }
        interval = max(1, interval * (frequency.seconds ?? 1) / 86400)
        frequency = .daily
    }
}

extension RecurrenceRule.Frequency {
    /// The length of the interval when it is always the same.
    var seconds: Int? {
        switch self {
        case .secondly: 1
        case .minutely: 60
        case .hourly: 3600
        case .daily: 86400
        case .weekly: 7 * 86400
        case .monthly, .yearly: nil
        }
    }
}
