/// The times of one interval of a rule: its days, each with the same times of day, less what BYSETPOS leaves
/// out (RFC 5545 §3.3.10).
///
/// They are numbered, not stored: a yearly rule with every second of the day has 31 million.
struct InstancesOfInterval {
    /// Day numbers in order.
    var days: [Int] = []
    /// The hours of each day, in order; likewise the minutes of each hour and the seconds of each minute.
    var hours: [Int] = []
    var minutes: [Int] = []
    var seconds: [Int] = []
    private var positions: [Int] = []
    private var usesPositions = false
    /// How many times there are.
    private(set) var count = 0
    /// How many of them are past.
    private(set) var index = 0

    /// Counts the times again after days or times of day changed.
    mutating func reset(positionsInSet: [Int]) {
        let total = days.count * hours.count * minutes.count * seconds.count
        index = 0
        count = total
        usesPositions = !positionsInSet.isEmpty
        guard usesPositions else { return }
        positions.removeAll(keepingCapacity: true)
        for position in positionsInSet {
            let index = position > 0 ? position - 1 : total + position
            if index >= 0 && index < total { positions.append(index) }
        }
        positions.sort()
        // Two positions may mean the same time.
        var unique = 0
        for position in positions where unique == 0 || positions[unique - 1] != position {
            positions[unique] = position
            unique += 1
        }
        positions.removeSubrange(unique...)
        count = unique
    }

    /// The next time, in seconds since 1970 on its clock.
    mutating func next() -> Int? {
        guard index < count else { return nil }
        defer { index += 1 }
        return time(index)
    }

    /// Passes over the times before `time`, and returns how many they were.
    mutating func skip(to time: Int) -> Int {
        var low = index
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self.time(middle) < time { low = middle + 1 } else { high = middle }
        }
        defer { index = low }
        return low - index
    }

    private func time(_ index: Int) -> Int {
        var rest = usesPositions ? positions[index] : index
        let second = seconds[rest % seconds.count]
        rest /= seconds.count
        let minute = minutes[rest % minutes.count]
        rest /= minutes.count
        let hour = hours[rest % hours.count]
        return days[rest / hours.count] * 86400 + hour * 3600 + minute * 60 + second
    }
}

/// The hours, minutes and seconds a rule allows (RFC 5545 §3.3.10).
struct TimeOfDayLimits {
    /// The values that expand an interval: from the rule, else from `DTSTART`.
    let hours: [Int]
    let minutes: [Int]
    let seconds: [Int]
    /// The values that limit shorter intervals, a bit each; all of them without such a part.
    private let hourBits: UInt64
    private let minuteBits: UInt64
    private let secondBits: UInt64

    init(_ rule: RecurrenceRule, start: CivilDateTime) {
        // RFC 5545 §3.3.5: the leap second 60 is taken as 59.
        let bySecond = rule.bySecond.map { min($0, 59) }
        hours = rule.byHour.isEmpty ? [start.hour] : Set(rule.byHour).sorted()
        minutes = rule.byMinute.isEmpty ? [start.minute] : Set(rule.byMinute).sorted()
        seconds = bySecond.isEmpty ? [start.second] : Set(bySecond).sorted()
        func bits(_ values: [Int]) -> UInt64 {
            values.isEmpty ? ~0 : values.reduce(0) { $0 | 1 << UInt64($1) }
        }
        hourBits = bits(rule.byHour)
        minuteBits = bits(rule.byMinute)
        secondBits = bits(bySecond)
    }

    /// Whether intervals of this frequency are never limited.
    func leavesAll(_ frequency: RecurrenceRule.Frequency) -> Bool {
        frequency >= .daily
            || hourBits == ~0 && (frequency == .hourly || minuteBits == ~0)
                && (frequency >= .minutely || secondBits == ~0)
    }

    /// The first allowed second of the day from `second` on at which an interval may start; 86400 for none.
    ///
    /// The result is `second` itself if and only if an interval there is allowed.
    func firstAllowed(from second: Int, _ frequency: RecurrenceRule.Frequency) -> Int {
        let hour = second / 3600
        let nextHour = Self.first(hourBits, from: hour, of: 24)
        guard nextHour == hour else { return nextHour * 3600 }
        guard frequency < .hourly else { return second }
        let minute = second / 60 % 60
        let nextMinute = Self.first(minuteBits, from: minute, of: 60)
        guard nextMinute == minute else { return hour * 3600 + nextMinute * 60 }
        guard frequency < .minutely else { return second }
        return second - second % 60 + Self.first(secondBits, from: second % 60, of: 60)
    }

    private static func first(_ bits: UInt64, from index: Int, of count: Int) -> Int {
        min((bits & ~0 << UInt64(index)).trailingZeroBitCount, count)
    }
}
