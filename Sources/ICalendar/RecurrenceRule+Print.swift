extension RecurrenceRule: CustomStringConvertible {
    /// The rule as iCalendar writes it, FREQ first (RFC 5545 §3.3.10).
    public var description: String {
        var parts: [String] = []
        // RFC 7529 §4.1: SKIP must not stand without RSCALE.
        if skip != .omit { parts.append("RSCALE=GREGORIAN") }
        parts.append("FREQ=\(frequency.name)")
        if let until { parts.append("UNTIL=\(until)") }
        if let count { parts.append("COUNT=\(count)") }
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        func add(_ name: String, _ numbers: [Int]) {
            guard !numbers.isEmpty else { return }
            parts.append("\(name)=" + numbers.map(String.init).joined(separator: ","))
        }
        add("BYMONTH", byMonth)
        add("BYWEEKNO", byWeekNumber)
        add("BYYEARDAY", byYearDay)
        add("BYMONTHDAY", byMonthDay)
        if !byDay.isEmpty { parts.append("BYDAY=" + byDay.map(\.description).joined(separator: ",")) }
        add("BYHOUR", byHour)
        add("BYMINUTE", byMinute)
        add("BYSECOND", bySecond)
        add("BYSETPOS", bySetPosition)
        if weekStart != .monday { parts.append("WKST=\(weekStart.code)") }
        if skip != .omit { parts.append("SKIP=\(skip.rawValue)") }
        return parts.joined(separator: ";")
    }
}

extension RecurrenceRule.WeekdayNumber: CustomStringConvertible {
    /// The value as BYDAY writes it, `-1SU`.
    public var description: String { (ordinal.map(String.init) ?? "") + weekday.code }
}
