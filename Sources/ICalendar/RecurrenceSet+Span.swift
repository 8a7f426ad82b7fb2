extension RecurrenceSet {
    /// From the earliest start of an instance to the latest end, for an index: outside of it nothing overlaps.
    ///
    /// An open end is one that has no bound, or none that can be found with little work. The span may be wider
    /// than the instances are. It depends on the default zone when there are floating times or whole days.
    public func span() -> TimeRange {
        guard withoutStart.isEmpty, !groups.isEmpty else { return TimeRange(start: nil, end: nil) }
        var start = Instant.distantFuture
        var end: Instant? = .distantPast
        for group in groups {
            let members = group.overrides + (group.master.map { [$0] } ?? [])
            for member in members {
                let from = zones.instant(member.times.start)
                start = min(start, from)
                end = end.map { max($0, member.times.end(of: member.times.start, at: from, zones: zones)) }
            }
            guard let source = group.source, let master = group.master, source.isRecurring else { continue }
            // A moved rest of the series can be anywhere.
            if group.overrides.contains(where: \.isThisAndFuture) { return TimeRange(start: nil, end: nil) }
            if let first = source.dates.first { start = min(start, first.start) }
            for date in source.dates {
                end = end.map { max($0, date.end ?? date.start + master.times.mostSeconds) }
            }
            for rule in source.rules {
                guard let last = lastStart(of: rule, source) else {
                    end = nil
                    break
                }
                end = end.map { max($0, last + master.times.mostSeconds) }
            }
        }
        return TimeRange(start: start, end: end)
    }

    /// Where the last instance of a rule starts at the latest.
    private func lastStart(of rule: RecurrenceRule, _ source: RecurrenceSource) -> Instant? {
        if let end = rule.localEnd(for: source.start, in: source.zone) {
            return source.zone.instant(ofLocal: end)
        }
        guard let count = rule.count, count <= 5000 else { return nil }
        let expansion = RecurrenceExpansion(
            rule, start: source.start.local, isDate: source.start.isDate, maxSteps: limits.maxSteps)
        var last = source.start.local
        for time in expansion { last = time }
        return source.zone.instant(ofLocal: last)
    }
}
