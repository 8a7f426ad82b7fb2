/// The days that the parts BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY and BYDAY of a rule leave
/// (RFC 5545 §3.3.10).
///
/// Whether such a part expands or limits only decides in which interval its days are looked for; a day is left
/// when every part present allows it. There are only 28 kinds of year: by the weekday of 1 January, and by which of the
/// year and its neighbours is a leap year. So a year's days are worked out at most 28 times.
struct RecurrenceDays {
    /// How much there is to look at.
    private enum Extent {
        case everyDay
        case weekdays
        case partsOfYear
    }

    private var extent = Extent.partsOfYear
    private var months: UInt16 = 0
    private var monthDays: UInt32 = 0
    private var monthDaysFromEnd: UInt32 = 0
    private var yearDays: Set<Int> = []
    private var weekNumbers: Set<Int> = []
    private var weekdays: UInt8 = 0
    private var ordinals: [(ordinal: Int, weekday: Int)] = []
    private var ordinalsCountInMonth = true
    private let weekStart: Weekday
    private let skip: RecurrenceRule.Skip
    private let isYearly: Bool

    private var kinds: [[UInt64]] = Array(repeating: [], count: 28)
    private var year = Int.min
    private var firstDay = 0
    private var length = 0
    private var bits: [UInt64] = []

    /// Gathers the parts of `rule`, and from `start` what they leave open.
    init(_ rule: RecurrenceRule, start: CivilDate) {
        weekStart = rule.weekStart
        skip = rule.skip
        isYearly = rule.frequency == .yearly
        for month in rule.byMonth { months |= 1 << UInt16(month) }
        for day in rule.byMonthDay {
            if day > 0 { monthDays |= 1 << UInt32(day) } else { monthDaysFromEnd |= 1 << UInt32(-day) }
        }
        yearDays = Set(rule.byYearDay)
        weekNumbers = Set(rule.byWeekNumber)
        // RFC 5545 §3.3.10: a number before a weekday counts in the month, or in the year of a yearly rule
        // without BYMONTH; with other frequencies or with BYWEEKNO it must not be there and is passed over.
        let hasOrdinals =
            rule.frequency == .monthly || (rule.frequency == .yearly && rule.byWeekNumber.isEmpty)
        ordinalsCountInMonth = rule.frequency == .monthly || !rule.byMonth.isEmpty
        for day in rule.byDay {
            if let ordinal = day.ordinal, hasOrdinals {
                ordinals.append((ordinal, day.weekday.rawValue))
            } else {
                weekdays |= 1 << UInt8(day.weekday.rawValue)
            }
        }
        // RFC 5545 §3.3.10: what the rule does not say comes from DTSTART.
        if rule.byDay.isEmpty && rule.byMonthDay.isEmpty && rule.byYearDay.isEmpty {
            switch rule.frequency {
            case .yearly where !rule.byWeekNumber.isEmpty, .weekly:
                weekdays = 1 << UInt8(start.weekday.rawValue)
            case .yearly:
                monthDays = 1 << UInt32(start.day)
                if rule.byMonth.isEmpty { months = 1 << UInt16(start.month) }
            case .monthly:
                monthDays = 1 << UInt32(start.day)
            case .daily, .hourly, .minutely, .secondly:
                break
            }
        }
        if months == 0 && monthDays == 0 && monthDaysFromEnd == 0 && yearDays.isEmpty && weekNumbers.isEmpty
            && ordinals.isEmpty
        {
            extent = weekdays == 0 ? .everyDay : .weekdays
        }
    }

    /// Whether every day is left.
    var isEveryDay: Bool { extent == .everyDay }

    /// Whether each week has the same days.
    var isSameEachWeek: Bool { extent != .partsOfYear }

    /// The most days left in any week.
    var mostInWeek: Int { weekdays == 0 || !ordinals.isEmpty ? 7 : weekdays.nonzeroBitCount }

    /// Whether the day with this number is left.
    mutating func contains(_ day: Int) -> Bool {
        switch extent {
        case .everyDay: return true
        case .weekdays: return weekdays & 1 << UInt8(modulo(day + 3, 7)) != 0
        case .partsOfYear:
            if day < firstDay || day >= firstDay + length {
                select(year: CivilDate(daysSinceEpoch: day).year)
            }
            let index = day - firstDay
            return bits[index / 64] & 1 << UInt64(index % 64) != 0
        }
    }

    /// The first day left that is not before `day` and before `end`.
    ///
    /// Nil when there is none, or none within 400 years, after which the calendar repeats.
    mutating func first(onOrAfter day: Int, before end: Int) -> Int? {
        switch extent {
        case .everyDay: return day < end ? day : nil
        case .weekdays:
            guard var next = (day..<max(day, min(end, day + 7))).first else { return nil }
            while weekdays & 1 << UInt8(modulo(next + 3, 7)) == 0 { next += 1 }
            return next < end ? next : nil
        case .partsOfYear:
            var from = day
            for _ in 0...400 {
                guard from < end else { return nil }
                if from < firstDay || from >= firstDay + length {
                    select(year: CivilDate(daysSinceEpoch: from).year)
                }
                if let index = firstBit(from: from - firstDay) {
                    return firstDay + index < end ? firstDay + index : nil
                }
                from = firstDay + length
            }
            return nil
        }
    }

    /// Appends the days left from `day` up to `end`, which is not one of them.
    mutating func append(from day: Int, to end: Int, to days: inout [Int]) {
        var from = day
        while let next = first(onOrAfter: from, before: end) {
            days.append(next)
            from = next + 1
        }
    }

    private func firstBit(from index: Int) -> Int? {
        var word = index / 64
        guard word < bits.count else { return nil }
        var rest = bits[word] & (~0 << UInt64(index % 64))
        while rest == 0 {
            word += 1
            guard word < bits.count else { return nil }
            rest = bits[word]
        }
        return word * 64 + rest.trailingZeroBitCount
    }

    private mutating func select(year: Int) {
        self.year = year
        firstDay = CivilDate(uncheckedYear: year, month: 1, day: 1).daysSinceEpoch
        length = CivilDate.isLeap(year) ? 366 : 365
        let neighbours =
            length == 366 ? 1 : CivilDate.isLeap(year - 1) ? 2 : CivilDate.isLeap(year + 1) ? 3 : 0
        let kind = Weekday(daysSinceEpoch: firstDay).rawValue * 4 + neighbours
        if kinds[kind].isEmpty { kinds[kind] = daysOfYear() }
        bits = kinds[kind]
    }

    /// The days left in the selected year, a bit each.
    private func daysOfYear() -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: 6)
        let weeks = weekNumbers.isEmpty ? nil : WeeksOfYear(year, startingOn: weekStart)
        let firstWeekday = Weekday(daysSinceEpoch: firstDay).rawValue
        for month in 1...12 where months == 0 || months & 1 << UInt16(month) != 0 {
            let before = CivilDate.daysBeforeMonth(month, of: year)
            let monthLength = CivilDate.daysInMonth(month, of: year)
            for day in 1...monthLength {
                let yearDay = before + day
                if monthDays | monthDaysFromEnd != 0, monthDays & 1 << UInt32(day) == 0,
                    monthDaysFromEnd & 1 << UInt32(monthLength - day + 1) == 0
                {
                    continue
                }
                if !yearDays.isEmpty, !yearDays.contains(yearDay), !yearDays.contains(yearDay - length - 1) {
                    continue
                }
                if let weeks, !weeks.numbers(ofYearDay: yearDay).contains(where: weekNumbers.contains) {
                    continue
                }
                if weekdays != 0 || !ordinals.isEmpty {
                    let weekday = (firstWeekday + yearDay - 1) % 7
                    let (index, count) = ordinalsCountInMonth ? (day, monthLength) : (yearDay, length)
                    let isOrdinal = ordinals.contains {
                        $0.weekday == weekday
                            && ($0.ordinal == (index - 1) / 7 + 1 || -$0.ordinal == (count - index) / 7 + 1)
                    }
                    guard isOrdinal || weekdays & 1 << UInt8(weekday) != 0 else { continue }
                }
                bits[(yearDay - 1) / 64] |= 1 << UInt64((yearDay - 1) % 64)
            }
        }
        if isYearly {
            for month in 1...12 {
                for day in movedDays(of: month, year) {
                    bits[(day - firstDay) / 64] |= 1 << UInt64((day - firstDay) % 64)
                }
            }
        }
        return bits
    }

    /// The day numbers that stand for days BYMONTHDAY names but the month does not have (RFC 7529 §4.1).
    ///
    /// They may lie in the month before or after, never in another year: January and December have all days.
    func movedDays(of month: Int, _ year: Int) -> [Int] {
        guard skip != .omit, months == 0 || months & 1 << UInt16(month) != 0 else { return [] }
        let first = CivilDate(uncheckedYear: year, month: month, day: 1).daysSinceEpoch
        let length = CivilDate.daysInMonth(month, of: year)
        var days: [Int] = []
        // Bits above the month's length name days that it does not have.
        if monthDays >> UInt32(length + 1) != 0 { days.append(first + length - (skip == .backward ? 1 : 0)) }
        if monthDaysFromEnd >> UInt32(length + 1) != 0 { days.append(first - (skip == .backward ? 1 : 0)) }
        guard weekdays != 0 || !ordinals.isEmpty else { return days }
        return days.filter { weekdays & 1 << UInt8(Weekday(daysSinceEpoch: $0).rawValue) != 0 }
    }
}

/// The numbers of the weeks of a year (RFC 5545 §3.3.10, BYWEEKNO).
///
/// Week one is the first with at least four days in the year. Days at either end of the year may belong to the
/// last week of the year before or to week one of the year after.
struct WeeksOfYear {
    /// The day of the year, from 1, with which week one begins; zero and less lie in the year before.
    private let weekOne: Int
    private let nextWeekOne: Int
    private let weeksBefore: Int
    private let weeksAfter: Int

    init(_ year: Int, startingOn weekStart: Weekday) {
        let jan1 = CivilDate(uncheckedYear: year, month: 1, day: 1).daysSinceEpoch
        func weekOneDay(_ year: Int) -> Int {
            let first = CivilDate(uncheckedYear: year, month: 1, day: 1).daysSinceEpoch
            let into = Weekday(daysSinceEpoch: first).daysAfter(weekStart)
            return first - jan1 + 1 + (into <= 3 ? -into : 7 - into)
        }
        weekOne = weekOneDay(year)
        nextWeekOne = weekOneDay(year + 1)
        weeksBefore = (weekOne - weekOneDay(year - 1)) / 7
        weeksAfter = (weekOneDay(year + 2) - nextWeekOne) / 7
    }

    /// The number of the week that holds the day, counted from the start and from the end of its year.
    func numbers(ofYearDay yearDay: Int) -> [Int] {
        if yearDay < weekOne { return [weeksBefore, -1] }
        if yearDay >= nextWeekOne { return [1, -weeksAfter] }
        let week = (yearDay - weekOne) / 7
        return [week + 1, week - (nextWeekOne - weekOne) / 7]
    }
}
