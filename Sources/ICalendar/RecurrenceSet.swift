internal import ContentLine

/// All instances of the components of a calendar object, overrides included (RFC 5545 §3.8.4.4, §3.8.5).
///
/// Components with the same name and UID belong together: one without `RECURRENCE-ID` is the master, the others
/// override its instances, or stand for themselves when there is no master. An override takes the place of the
/// instance it names even where the master does not have it. With `RANGE=THISANDFUTURE` it moves all later instances by
/// as much, and gives them its length, except those that have an override of their own.
public struct RecurrenceSet {
    /// A component with what is needed of it again and again.
    struct Member {
        let index: Int
        let times: ComponentTimes
        let recurrenceID: DateTimeValue?
        let isThisAndFuture: Bool
    }

    /// A master and its overrides.
    struct Group {
        var master: Member?
        var source: RecurrenceSource?
        var overrides: [Member] = []
    }

    /// The components instances refer to.
    public let components: [Component]
    /// The zones of their times.
    public let zones: CalendarZones
    let limits: RecurrenceLimits
    private(set) var groups: [Group] = []
    /// Components that have no instances: to-dos without times, `VFREEBUSY` and `VAVAILABILITY`.
    private(set) var withoutStart: [Int] = []

    /// Gathers the components of a calendar; indices are those of its `components`.
    public init(_ calendar: Component, zones: ZoneResolver, limits: RecurrenceLimits = RecurrenceLimits()) {
        self.init(calendar.components, zones: zones.zones(of: calendar), limits: limits)
    }

    /// Gathers components, such as the `AVAILABLE` parts of a `VAVAILABILITY` (RFC 7953 §3.1).
    public init(
        _ components: [Component], zones: CalendarZones, limits: RecurrenceLimits = RecurrenceLimits()
    ) {
        self.components = components
        self.zones = zones
        self.limits = limits
        var known: [[UInt8]: Int] = [:]
        for (index, component) in components.enumerated() where !component.isNamed("VTIMEZONE") {
            add(component, index, &known)
        }
    }

    private mutating func add(_ component: Component, _ index: Int, _ known: inout [[UInt8]: Int]) {
        let line = component.property("RECURRENCE-ID")
        let recurrenceID = line.flatMap { DateTimeValue($0) }
        guard !component.isNamed("VFREEBUSY"),
            let times = ComponentTimes(component, zones: zones, fallback: recurrenceID)
        else { return withoutStart.append(index) }
        let isThisAndFuture = line?.parameter("RANGE")?.values.first?.isName("THISANDFUTURE") ?? false
        let member = Member(
            index: index, times: times, recurrenceID: recurrenceID, isThisAndFuture: isThisAndFuture)

        let key = Array(component.name.uppercased().utf8) + [0] + Array((component.uid ?? "").utf8)
        if recurrenceID != nil {
            guard let group = known[key] else {
                known[key] = groups.count
                return groups.append(Group(overrides: [member]))
            }
            groups[group].overrides.append(member)
        } else {
            let source = RecurrenceSource(component, start: times.start, zones: zones)
            if let group = known[key], groups[group].master == nil {
                groups[group].master = member
                groups[group].source = source
            } else {
                // A second master is not allowed, and stands for itself.
                if known[key] == nil { known[key] = groups.count }
                groups.append(Group(master: member, source: source))
            }
        }
    }

    /// Whether any component recurs or overrides an instance.
    public var isRecurring: Bool {
        groups.contains { !$0.overrides.isEmpty || $0.source?.isRecurring ?? false }
    }

    /// Whether a rule or an exception could not be read, and its component has fewer or more instances than it
    /// should.
    public var hasUnreadableParts: Bool {
        groups.contains { $0.source?.hasUnreadableParts ?? false }
    }

    /// The instances that overlap `range`, worked out as they are asked for, in order of their start within each
    /// group of components with one UID (RFC 4791 §9.9).
    ///
    /// - Complexity: Without COUNT, instances before the range cost nothing.
    public func instances(overlapping range: TimeRange) -> InstanceSequence {
        InstanceSequence(self, range: range, isOverlapping: true)
    }

    /// The instances of components at `indices` that touch `range` with some part or with either end.
    func instances(touching range: TimeRange) -> InstanceSequence {
        InstanceSequence(self, range: range, isOverlapping: false)
    }
}
