/// Instances one after the other, worked out as they are asked for (RFC 4791 §9.9).
public struct InstanceSequence: Sequence, IteratorProtocol {
    /// Whether there may be more instances, which would have taken too much work to find.
    public private(set) var isTruncated = false

    private let set: RecurrenceSet
    private let range: TimeRange
    private let isOverlapping: Bool
    private var groupIndex = 0
    private var stream: GroupInstances?
    private var remaining: Int

    init(_ set: RecurrenceSet, range: TimeRange, isOverlapping: Bool) {
        self.set = set
        self.range = range
        self.isOverlapping = isOverlapping
        remaining = set.limits.maxInstances
    }

    /// The next instance, nil at the end or when the limits are reached.
    public mutating func next() -> Instance? {
        while groupIndex < set.groups.count {
            if stream == nil { stream = GroupInstances(set, set.groups[groupIndex], range: range) }
            while let (instance, member) = stream?.next() {
                guard !isOverlapping || member.times.overlaps(instance.start, instance.end, range) else {
                    continue
                }
                guard remaining > 0 else {
                    isTruncated = true
                    groupIndex = set.groups.count
                    return nil
                }
                remaining -= 1
                return instance
            }
            if stream?.gaveUp ?? false { isTruncated = true }
            stream = nil
            groupIndex += 1
        }
        return nil
    }
}

/// The instances of a master and its overrides that touch a range, in order of their start.
private struct GroupInstances: IteratorProtocol {
    typealias Element = (instance: Instance, member: RecurrenceSet.Member)

    /// The instances of the master from one THISANDFUTURE override to the next.
    private struct Segment {
        let member: RecurrenceSet.Member
        /// How its instances differ from the master's.
        let shift: Shift?
        let until: Instant?
        var stream: OccurrenceStream
        var head: Instance?
    }

    private let set: RecurrenceSet
    private let group: RecurrenceSet.Group
    private let from: Instant
    private let to: Instant
    private var overridden: Set<Instant> = []
    private var singles: [Element] = []
    private var singleIndex = 0
    private var segments: [Segment] = []

    /// How far clock changes and zones may move instances against each other.
    private static func slack(_ shift: Shift?) -> Int { shift == nil ? 3 * 3600 : 2 * 86400 }

    var gaveUp: Bool { segments.contains { $0.stream.gaveUp } }

    init(_ set: RecurrenceSet, _ group: RecurrenceSet.Group, range: TimeRange) {
        self.set = set
        self.group = group
        from = range.start ?? .distantPast
        to = range.end ?? .distantFuture
        addOverrides()
        if let master = group.master, let source = group.source { addSegments(master, source) }
    }

    private mutating func addOverrides() {
        let zones = set.zones
        for member in group.overrides {
            guard let recurrenceID = member.recurrenceID else { continue }
            overridden.insert(group.source?.instant(naming: recurrenceID) ?? zones.instant(recurrenceID))
            let start = zones.instant(member.times.start)
            let instance = Instance(
                componentIndex: member.index, recurrenceID: recurrenceID, startValue: member.times.start,
                start: start, end: member.times.end(of: member.times.start, at: start, zones: zones),
                isOverride: true, isFirst: false)
            if touches(instance) { singles.append((instance, member)) }
        }
        singles.sort { $0.instance.start < $1.instance.start }
    }

    private mutating func addSegments(_ master: RecurrenceSet.Member, _ source: RecurrenceSource) {
        var starts: [(id: Instant, member: RecurrenceSet.Member, shift: Shift)] = []
        for member in group.overrides where member.isThisAndFuture {
            guard let recurrenceID = member.recurrenceID else { continue }
            let id = source.instant(naming: recurrenceID)
            starts.append((id, member, Shift(from: id, to: member.times.start, zones: set.zones)))
        }
        starts.sort { $0.id < $1.id }
        // Each costs an expansion of its own; a series is not moved as often as that.
        starts.removeLast(max(0, starts.count - 200))
        addSegment(master, source, shift: nil, from: nil, until: starts.first?.id)
        for (index, start) in starts.enumerated() {
            let next = index + 1 < starts.count ? starts[index + 1].id : nil
            addSegment(start.member, source, shift: start.shift, from: start.id, until: next)
        }
    }

    private mutating func addSegment(
        _ member: RecurrenceSet.Member, _ source: RecurrenceSource, shift: Shift?, from start: Instant?,
        until: Instant?
    ) {
        // RFC 5545 §3.8.5.2: an RDATE may have a length of its own.
        let longest = source.dates.reduce(member.times.mostSeconds) { longest, date in
            max(longest, date.end.map { $0 - date.start } ?? 0)
        }
        var notBefore = start
        if from != .distantPast {
            let bound = from + -(longest + (shift?.seconds ?? 0) + Self.slack(shift))
            notBefore = max(bound, start ?? bound)
        }
        segments.append(
            Segment(
                member: member, shift: shift, until: until,
                stream: OccurrenceStream(source, notBefore: notBefore, limits: set.limits)))
        advance(segments.count - 1)
    }

    mutating func next() -> Element? {
        var earliest: Int?
        for (index, segment) in segments.enumerated() {
            guard let head = segment.head else { continue }
            if let found = earliest, let other = segments[found].head, other.start <= head.start { continue }
            earliest = index
        }
        let head = earliest.flatMap { segments[$0].head }
        if singleIndex < singles.count, head.map({ singles[singleIndex].instance.start <= $0.start }) ?? true
        {
            defer { singleIndex += 1 }
            return singles[singleIndex]
        }
        guard let earliest, let head else { return nil }
        advance(earliest)
        return (head, segments[earliest].member)
    }

    /// Moves a segment on to its next instance that touches the range.
    private mutating func advance(_ index: Int) {
        segments[index].head = nil
        let (member, shift, until) = (segments[index].member, segments[index].shift, segments[index].until)
        let bound = to == .distantFuture ? to : to + (Self.slack(shift) - (shift?.seconds ?? 0))
        while let occurrence = segments[index].stream.next(), occurrence.start < bound,
            until.map({ occurrence.start < $0 }) ?? true
        {
            guard !overridden.contains(occurrence.start) else { continue }
            let instance = instance(of: occurrence, member, shift)
            guard touches(instance) else { continue }
            segments[index].head = instance
            return
        }
    }

    private func instance(
        of occurrence: Occurrence, _ member: RecurrenceSet.Member, _ shift: Shift?
    ) -> Instance {
        let isRecurring = group.source?.isRecurring ?? false
        var start = occurrence.start
        var value = occurrence.id
        if let shift { (value, start) = shift.apply(to: start, zones: set.zones) }
        return Instance(
            componentIndex: member.index, recurrenceID: isRecurring ? occurrence.id : nil, startValue: value,
            start: start,
            end: shift == nil && occurrence.end != nil
                ? max(occurrence.end ?? start, start)
                : member.times.end(of: value, at: start, zones: set.zones),
            isOverride: shift != nil, isFirst: occurrence.id == group.source?.start)
    }

    private func touches(_ instance: Instance) -> Bool {
        instance.start <= to && instance.end >= from
    }
}

/// How RANGE=THISANDFUTURE moves instances: by a difference of local times (RFC 5545 §3.8.4.4).
private struct Shift {
    /// The new start of the instance named, which lends its form and zone to the others.
    let model: DateTimeValue
    /// The difference on the clock of that zone.
    let seconds: Int

    init(from id: Instant, to start: DateTimeValue, zones: CalendarZones) {
        model = start
        seconds =
            start.local.secondsSinceEpoch - zones.value(at: id, like: start).local.secondsSinceEpoch
    }

    func apply(to start: Instant, zones: CalendarZones) -> (DateTimeValue, Instant) {
        let local = zones.value(at: start, like: model).local.adding(seconds: seconds)
        let value = model.with(local: local)
        return (value, zones.instant(value))
    }
}
