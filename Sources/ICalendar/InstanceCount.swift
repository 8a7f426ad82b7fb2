extension Component {
    /// Whether the component recurs more than `most` times, its exceptions taken away (RFC 4791 §5.2.8).
    ///
    /// A rule that neither COUNT nor UNTIL ends has no number of instances, so that none is too large: they are bounded where
    /// they are expanded. What takes more work than the limits allow is not found to be more.
    public func recurs(moreThan most: Int, _ zones: CalendarZones, limits: RecurrenceLimits) -> Bool {
        guard property("RRULE") != nil || property("RDATE") != nil,
            let start = property("DTSTART").flatMap({ DateTimeValue($0) })
        else { return false }
        let source = RecurrenceSource(self, start: start, zones: zones)
        guard !source.isInfinite else { return false }
        let bounds = source.rules.map { $0.mostInstances(from: start, in: source.zone) }
        if bounds.allSatisfy({ $0 <= most }), bounds.reduce(source.dates.count + 1, +) <= most {
            return false
        }
        var stream = OccurrenceStream(source, notBefore: nil, limits: limits)
        var count = 0
        while count <= most, stream.next() != nil { count += 1 }
        return count > most
    }
}

extension RecurrenceRule {
    /// No fewer instances than a rule that ends has, without looking for them.
    fileprivate func mostInstances(from start: DateTimeValue, in zone: TimeZoneDefinition) -> Int {
        if let count { return count }
        guard frequency >= .daily, byHour.isEmpty, byMinute.isEmpty, bySecond.isEmpty,
            let end = localEnd(for: start, in: zone)
        else { return Int.max }
        // One a day at most.
        return max(0, end.date.daysSinceEpoch - start.local.date.daysSinceEpoch) + 2
    }
}
