extension RecurrenceExpansion {
    /// The number of the interval in which `time` lies, counted from that of `DTSTART`; may be negative.
    func interval(at time: Int) -> Int {
        guard time > first else { return 0 }
        switch frequency {
        case .yearly:
            return (CivilDateTime(secondsSinceEpoch: time).date.year - start.date.year) / interval
        case .monthly:
            let date = CivilDateTime(secondsSinceEpoch: time).date
            return ((date.year - start.date.year) * 12 + date.month - start.date.month) / interval
        case .weekly, .daily, .hourly, .minutely, .secondly:
            return floorDivide(time - firstInterval, intervalSeconds)
        }
    }

    /// The start of the interval that holds `DTSTART`, for frequencies whose intervals have one length.
    private var firstInterval: Int {
        switch frequency {
        case .weekly: (start.date.daysSinceEpoch - start.date.weekday.daysAfter(weekStart)) * 86400
        case .daily: start.date.daysSinceEpoch * 86400
        case .hourly: first - start.secondOfDay % 3600
        case .minutely: first - start.second
        case .secondly, .monthly, .yearly: first
        }
    }

    /// No interval has more instances than these, so greater positions are never reached.
    var mostInSet: Int {
        let (hours, minutes, seconds) = (limits.hours.count, limits.minutes.count, limits.seconds.count)
        return switch frequency {
        case .yearly: 366 * hours * minutes * seconds
        case .monthly: 31 * hours * minutes * seconds
        case .weekly: days.mostInWeek * hours * minutes * seconds
        case .daily: hours * minutes * seconds
        case .hourly: minutes * seconds
        case .minutely: seconds
        case .secondly: 1
        }
    }

    private var intervalSeconds: Int { interval * (frequency.seconds ?? 1) }

    /// Works out the times of the next interval, or finishes.
    mutating func openNextInterval() {
        set.days.removeAll(keepingCapacity: true)
        let start: Int
        switch frequency {
        case .yearly: start = openYear()
        case .monthly: start = openMonth()
        case .weekly:
            start = firstInterval + nextInterval * intervalSeconds
            days.append(from: start / 86400, to: start / 86400 + 7, to: &set.days)
            setTimesOfDay()
        case .daily, .hourly, .minutely, .secondly:
            guard let opened = openDayOrLess() else { return isFinished = true }
            start = opened
        }
        guard start <= until, remaining > 0 else { return isFinished = true }
        nextInterval += 1
        set.reset(positionsInSet: positionsInSet)
        guard set.count > 0 else {
            barrenIntervals += 1
            if barrenIntervals > Self.maxBarrenIntervals { isFinished = true }
            return
        }
        barrenIntervals = 0
        _ = set.skip(to: firstOfRule)
        guard notBefore > firstOfRule else { return }
        remaining -= set.skip(to: notBefore) * (hasCount ? 1 : 0)
        if set.index == set.count { skipIntervals() }
    }

    private mutating func openYear() -> Int {
        let year = start.date.year + nextInterval * interval
        guard year <= 9999 else { return Int.max }
        let first = CivilDate(uncheckedYear: year, month: 1, day: 1).daysSinceEpoch
        days.append(from: first, to: first + (CivilDate.isLeap(year) ? 366 : 365), to: &set.days)
        setTimesOfDay()
        return first * 86400
    }

    private mutating func openMonth() -> Int {
        let month = start.date.year * 12 + start.date.month - 1 + nextInterval * interval
        guard month < 10000 * 12 else { return Int.max }
        let (year, index) = (month / 12, month % 12 + 1)
        let first = CivilDate(uncheckedYear: year, month: index, day: 1).daysSinceEpoch
        days.append(from: first, to: first + CivilDate.daysInMonth(index, of: year), to: &set.days)
        let moved = days.movedDays(of: index, year)
        if !moved.isEmpty { set.days = Set(set.days + moved).sorted() }
        setTimesOfDay()
        return first * 86400
    }

    /// Opens the next interval of a day or less that no part excludes, going over all others in between.
    private mutating func openDayOrLess() -> Int? {
        let (base, step) = (firstInterval, intervalSeconds)
        var time = base + nextInterval * step
        var hops = 0
        while time <= until {
            let day = floorDivide(time, 86400)
            var allowed = time
            if !days.contains(day) {
                guard let next = days.first(onOrAfter: day + 1, before: until / 86400 + 1) else { return nil }
                allowed = next * 86400
            } else if frequency < .daily {
                allowed = day * 86400 + limits.firstAllowed(from: time - day * 86400, frequency)
            }
            if allowed == time {
                nextInterval = (time - base) / step
                set.days.append(day)
                setTimesOfDay(time - day * 86400)
                return time
            }
            // The next interval that starts there or later.
            time = base + ceilDivide(allowed - base, step) * step
            hops += 1
            if hops > Self.maxBarrenIntervals { return nil }
        }
        return nil
    }

    /// Sets the times of day within an interval that starts at `second` of its day.
    private mutating func setTimesOfDay(_ second: Int = 0) {
        set.hours = frequency >= .daily ? limits.hours : [second / 3600]
        set.minutes = frequency >= .hourly ? limits.minutes : [second / 60 % 60]
        set.seconds = frequency >= .minutely ? limits.seconds : [second % 60]
    }

    /// Goes on after an interval that lies before `notBefore`.
    ///
    /// Where all intervals have the same number of instances, those of the intervals up to `notBefore` are
    /// taken off COUNT together.
    private mutating func skipIntervals() {
        let target = interval(at: notBefore)
        guard target > nextInterval else { return }
        let isRegular =
            frequency == .weekly
            ? days.isSameEachWeek
            : frequency <= .daily && days.isEveryDay && limits.leavesAll(frequency)
        if isRegular {
            let (instances, overflow) = (target - nextInterval).multipliedReportingOverflow(by: set.count)
            remaining = overflow || instances >= remaining ? 0 : remaining - instances
            nextInterval = target
        } else {
            stepsLeft -= 1
            guard stepsLeft <= 0 else { return }
            gaveUp = true
            isFinished = true
        }
    }
}
