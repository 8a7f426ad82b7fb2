internal import ContentLine
internal import ICalendar

/// Recurrence rules in words.
enum RecurrenceWords {
    /// The rule of a line; the rule itself where words would be long or wrong, nil where it cannot be read.
    static func text(_ line: ContentLine) -> String? {
        let rule: RecurrenceRule
        do { rule = try RecurrenceRule(line) } catch { return nil }
        guard let period = period(rule.frequency),
            [
                rule.byMonthDay, rule.byYearDay, rule.byWeekNumber, rule.byMonth, rule.bySetPosition,
                rule.byHour,
            ]
            .allSatisfy({ $0.isEmpty }), rule.byDay.allSatisfy({ $0.ordinal == nil })
        else { return line.value }
        var words = rule.interval == 1 ? "every \(period)" : "every \(rule.interval) \(period)s"
        if !rule.byDay.isEmpty {
            words += " on " + rule.byDay.map { TimeWords.text($0.weekday) }.joined(separator: ", ")
        }
        if let count = rule.count { words += ", \(count) times" }
        if let until = rule.until { words += ", until \(TimeWords.text(until))" }
        return words
    }

    private static func period(_ frequency: RecurrenceRule.Frequency) -> String? {
        switch frequency {
        case .daily: "day"
        case .weekly: "week"
        case .monthly: "month"
        case .yearly: "year"
        case .secondly, .minutely, .hourly: nil
        }
    }
}
