extension RecurrenceRule {
    /// UNTIL on the clock of `DTSTART`, inclusive (RFC 5545 §3.3.10).
    ///
    /// UNTIL should be a date when `start` is one, a local time when `start` is floating, and otherwise in UTC. Other forms
    /// are taken for what they most likely mean: a date includes that whole day, a local time is one on the
    /// clock of `start`, and of a time only the date counts when `start` is a date.
    ///
    /// `start` is the value of `DTSTART`, and `zone` the zone in which it is read.
    public func localEnd(for start: DateTimeValue, in zone: TimeZoneDefinition) -> CivilDateTime? {
        guard let until else { return nil }
        if start.isDate { return CivilDateTime(until.local.date) }
        switch until {
        case .date(let date): return CivilDateTime(date).adding(seconds: 86399)
        case .utc(let time): return zone.local(at: Instant(utc: time))
        case .floating(let time), .zoned(let time, _): return time
        }
    }
}
