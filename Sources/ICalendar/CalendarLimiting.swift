internal import ContentLine

extension Component {
    /// The calendar with those overrides only that bear on `range` (RFC 4791 §9.6.6).
    ///
    /// An override bears on it when the instance overlaps the range or would have done so without it; one with
    /// RANGE=THISANDFUTURE, when that holds for any instance it moves.
    public func limitingRecurrenceSet(
        to range: TimeRange, zones: ZoneResolver, limits: RecurrenceLimits = RecurrenceLimits()
    ) -> Component {
        let set = RecurrenceSet(self, zones: zones, limits: limits)
        let overlapping = set.overlappingComponents(range)
        var dropped: Set<Int> = []
        for group in set.groups {
            for member in group.overrides
            where !overlapping.contains(member.index) && !set.wasOverlapping(member, of: group, range) {
                dropped.insert(member.index)
            }
        }
        guard !dropped.isEmpty else { return self }
        var result = self
        for index in dropped.sorted(by: >) { result.components.remove(at: index) }
        return result
    }

    /// The calendar with those periods of `FREEBUSY` only that overlap `range` (RFC 4791 §9.6.7).
    public func limitingFreeBusySet(to range: TimeRange, zones: ZoneResolver) -> Component {
        var result = self
        let zones = zones.zones(of: self)
        for index in components.indices where components[index].isNamed("VFREEBUSY") {
            result.components[index].limitFreeBusy(to: range, zones: zones)
        }
        return result
    }

    private mutating func limitFreeBusy(to range: TimeRange, zones: CalendarZones) {
        let from = range.start ?? .distantPast
        let to = range.end ?? .distantFuture
        for index in properties.indices.reversed() where properties[index].isNamed("FREEBUSY") {
            let line = properties[index]
            let texts = line.value.utf8.split(separator: UInt8(ascii: ","))
            let kept = texts.filter { text in
                guard let period = Period(text.trimmed, tzid: line.tzid) else { return true }
                let span = zones.span(of: period)
                return from < span.end && to > span.start
            }
            if kept.isEmpty {
                properties.remove(at: index)
            } else if kept.count < texts.count {
                properties[index].value = kept.map { String(Substring($0)) }.joined(separator: ",")
            }
        }
    }
}

extension RecurrenceSet {
    /// Whether the instances an override replaces would overlap `range` without it.
    fileprivate func wasOverlapping(_ member: Member, of group: Group, _ range: TimeRange) -> Bool {
        guard let recurrenceID = member.recurrenceID else { return true }
        let times = group.master?.times ?? member.times
        let id = group.source?.instant(naming: recurrenceID) ?? zones.instant(recurrenceID)
        if times.overlaps(id, times.end(of: recurrenceID, at: id, zones: zones), range) { return true }
        guard member.isThisAndFuture, let source = group.source else { return false }
        let bound = range.start.map { $0 + -times.mostSeconds } ?? id
        var stream = OccurrenceStream(source, notBefore: max(id, bound), limits: limits)
        let to = range.end ?? .distantFuture
        while let occurrence = stream.next(), occurrence.start <= to {
            let end = times.end(of: occurrence.id, at: occurrence.start, zones: zones)
            if times.overlaps(occurrence.start, end, range) { return true }
        }
        return stream.gaveUp
    }
}
