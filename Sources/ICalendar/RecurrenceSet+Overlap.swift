internal import ContentLine

extension RecurrenceSet {
    /// The indices of the components with an instance that overlaps `range` (RFC 4791 §9.9).
    ///
    /// A component whose instances would take too much work to find is among them.
    public func overlappingComponents(_ range: TimeRange) -> Set<Int> {
        var found = Set(withoutStart.filter { components[$0].overlapsWithoutStart(range, zones: zones) })
        let wanted = groups.reduce(0) { $0 + $1.overrides.count + ($1.master == nil ? 0 : 1) } + found.count
        var instances = instances(overlapping: range)
        while found.count < wanted, let instance = instances.next() { found.insert(instance.componentIndex) }
        if instances.isTruncated { found.formUnion(groups.compactMap { $0.master?.index }) }
        return found
    }

    /// Whether a component named `name` has an instance that overlaps `range` (RFC 4791 §9.9).
    public func overlaps(_ range: TimeRange, componentsNamed name: String) -> Bool {
        if withoutStart.contains(where: {
            components[$0].isNamed(name) && components[$0].overlapsWithoutStart(range, zones: zones)
        }) {
            return true
        }
        var instances = instances(overlapping: range)
        while let instance = instances.next() {
            if components[instance.componentIndex].isNamed(name) { return true }
        }
        return instances.isTruncated
    }

    /// Whether an alarm of the component at `index` goes off within `range` for some instance (RFC 4791 §9.9).
    public func overlaps(_ range: TimeRange, alarm: Component, ofComponentAt index: Int) -> Bool {
        guard let trigger = alarm.property("TRIGGER") else { return false }
        let from = range.start ?? .distantPast
        let to = range.end ?? .distantFuture
        let repetition = AlarmRepetition(alarm)
        if let time = DateTimeValue(trigger) {
            return repetition.goesOff(first: zones.instant(time), from: from, to: to)
        }
        guard let delay = ICalendarDuration(trigger) else { return false }
        let isRelatedToEnd = trigger.parameter("RELATED")?.values.first?.isName("END") ?? false
        // The instances from which the alarm can be that early or late, a day more for changes of clocks.
        let ends = [range.end.map { $0 + (86400 - delay.nominalSeconds) }, lastStart(ofComponentAt: index)]
        let wide = TimeRange(
            start: range.start.map { $0 + -(delay.nominalSeconds + repetition.seconds + 86400) },
            end: ends.compactMap { $0 }.min())
        var instances = instances(touching: wide)
        while let instance = instances.next() {
            guard instance.componentIndex == index else { continue }
            let first = zones.instant(
                isRelatedToEnd ? zones.endValue(of: instance) : instance.startValue, adding: delay)
            if repetition.goesOff(first: first, from: from, to: to) { return true }
        }
        return instances.isTruncated
    }

    /// Not before the last instance of the component at `index` starts, as far as that is bounded by overrides: one is a
    /// single instance, or with THISANDFUTURE takes all that follow from those before it.
    private func lastStart(ofComponentAt index: Int) -> Instant? {
        for group in groups {
            let owner = group.overrides.first { $0.index == index }
            guard owner != nil || group.master?.index == index else { continue }
            if let owner, !owner.isThisAndFuture { return zones.instant(owner.times.start) }
            guard let source = group.source else { return owner.map { zones.instant($0.times.start) } }
            let own = owner?.recurrenceID.map(source.instant(naming:)) ?? .distantPast
            let next = group.overrides.lazy.filter(\.isThisAndFuture).compactMap(\.recurrenceID)
                .map(source.instant(naming:)).filter { $0 > own }.min()
            guard let next, let owner else { return next }
            // They move as the first one does, and by what clocks and zones differ.
            return next + (zones.instant(owner.times.start) - own + 2 * 86400)
        }
        return nil
    }

    /// Whether an instance of the component at `index` has its start, or its end, within `range` (RFC 4791 §9.9).
    ///
    /// So it is also where finding the instances would take too much work.
    public func hasInstance(
        ofComponentAt index: Int, _ edge: KeyPath<Instance, Instant>, in range: TimeRange
    ) -> Bool {
        let ends = [range.end, lastStart(ofComponentAt: index)]
        var instances = instances(
            touching: TimeRange(start: range.start, end: ends.compactMap { $0 }.min()))
        while let instance = instances.next() {
            if instance.componentIndex == index, range.contains(instance[keyPath: edge]) { return true }
        }
        return instances.isTruncated
    }
}

/// How often an alarm goes off after the first time (RFC 5545 §3.8.6.2).
private struct AlarmRepetition {
    private let count: Int
    private let interval: Int

    init(_ alarm: Component) {
        var reader = DigitReader(alarm.property("REPEAT")?.trimmedValue ?? "".utf8[...])
        let interval = alarm.property("DURATION").flatMap { ICalendarDuration($0) }?.nominalSeconds ?? 0
        // No alarm is repeated a million times; the product with the interval must not overflow.
        count = interval > 0 ? min(reader.number() ?? 0, 1_000_000) : 0
        self.interval = max(interval, 1)
    }

    /// From the first time to the last.
    var seconds: Int { count * interval }

    func goesOff(first: Instant, from: Instant, to: Instant) -> Bool {
        let missed = first >= from ? 0 : ceilDivide(from - first, interval)
        return missed <= count && first + missed * interval < to
    }
}

extension CalendarZones {
    /// Where an instance ends on the clock on which it starts, from which days are counted (RFC 5545 §3.3.6).
    fileprivate func endValue(of instance: Instance) -> DateTimeValue {
        let start = instance.startValue
        // What starts with a day may end within one.
        return value(at: instance.end, like: start.isDate ? .floating(start.local) : start)
    }
}
