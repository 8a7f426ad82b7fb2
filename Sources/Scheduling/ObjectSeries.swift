internal import ContentLine
internal import ICalendar

/// An object with its instances, as scheduling sees them: each by the instant that its `RECURRENCE-ID` names.
struct ObjectSeries {
    let object: CalendarObject
    let zones: CalendarZones
    private let limits: RecurrenceLimits
    /// Overrides for an instance and all later ones, the last one first (RFC 5545 §3.2.13).
    private let ranges: [(id: Instant, component: Component)]

    init(_ object: CalendarObject, _ session: SchedulingSession) {
        self.object = object
        let zones = session.zones.zones(of: object.calendar)
        self.zones = zones
        self.limits = session.limits
        ranges = object.overrides.filter(\.isThisAndFuture).compactMap { component in
            component.recurrenceID.map { (zones.instant($0), component) }
        }.sorted { $0.id > $1.id }
    }

    var master: Component? { object.master }

    /// The instant of a component's `RECURRENCE-ID`, nil for a master.
    func id(of component: Component) -> Instant? {
        component.recurrenceID.map(zones.instant)
    }

    /// The override of the instance at `id`.
    func override(at id: Instant) -> Component? {
        object.overrides.first { self.id(of: $0) == id }
    }

    /// The instants that `EXDATE` takes out.
    var excluded: Set<Instant> { Set((master?.excludedDates ?? []).map(zones.instant)) }

    /// Whether the master has an instance at `id`, overridden or not.
    func hasInstance(at id: Instant) -> Bool {
        guard let master else { return false }
        let set = RecurrenceSet([master], zones: zones, limits: limits)
        guard set.isRecurring else { return false }
        var instances = set.instances(overlapping: TimeRange(start: id, end: id + 1))
        while let instance = instances.next() {
            if instance.recurrenceID.map(zones.instant) == id { return true }
        }
        return false
    }

    /// The component that tells of the instance at `id`: its override, or what the master makes of it.
    func instance(at id: Instant) -> Component? {
        override(at: id) ?? (hasInstance(at: id) ? derived(at: id) : nil)
    }

    /// The counterpart of a component of another state of the object.
    func counterpart(of component: Component, in series: ObjectSeries) -> Component? {
        guard let id = series.id(of: component) else { return master }
        return instance(at: id)
    }

    /// The next instance of the master after `id`, nil when there is none.
    func instance(after id: Instant) -> Instant? {
        guard let master else { return nil }
        var instances = RecurrenceSet([master], zones: zones, limits: limits).instances(
            overlapping: TimeRange(start: id, end: nil))
        while let instance = instances.next() {
            if let next = instance.recurrenceID.map(zones.instant), next > id { return next }
        }
        return nil
    }

    /// The instances of the master in `[start, end)` by the instants that name them, in order.
    func instances(from start: Instant?, before end: Instant) -> [Instant] {
        guard let master else { return [] }
        return instances(of: master, from: start, before: end)
    }

    /// The instances of a component of the series.
    func instances(of component: Component, from start: Instant?, before end: Instant) -> [Instant] {
        var found: [Instant] = []
        var instances = RecurrenceSet([component], zones: zones, limits: limits).instances(
            overlapping: TimeRange(start: start, end: end))
        while let instance = instances.next() {
            guard let id = instance.recurrenceID.map(zones.instant), id < end, start.map({ id >= $0 }) ?? true
            else { continue }
            found.append(id)
        }
        return found
    }

    /// The property that says when instances are: `DTSTART`, for tasks without one `DUE`.
    var startName: String? {
        ["DTSTART", "DUE"].first { master?.property($0) != nil }
    }

    /// What an override at `id` would be that changes nothing; whether there is such an instance is not looked at.
    ///
    /// What an earlier override says of all later instances holds for this one too.
    func derived(at id: Instant) -> Component? {
        guard let master, master.recurs else { return nil }
        guard let startName, let named = master.time(startName) else { return nil }
        let range = ranges.first { $0.id < id }
        guard let start = range.map({ $0.component.time(startName) }) ?? named else { return nil }
        // RFC 5545 §3.8.4.4: by as much as the override has moved its own instance.
        let shift = range.map {
            start.local.secondsSinceEpoch - zones.value(at: $0.id, like: start).local.secondsSinceEpoch
        }
        let seconds =
            zones.value(at: id, like: start).local.secondsSinceEpoch + (shift ?? 0)
            - start.local.secondsSinceEpoch
        let moved = zones.value(at: id, like: named)
        var copy = range?.component ?? master
        for name in ["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"] { copy.removeProperties(name) }
        for name in ["DTSTART", "DTEND", "DUE"] {
            guard let time = copy.time(name) else { continue }
            copy.setProperty(time.with(local: time.local.adding(seconds: seconds)).property(name))
        }
        copy.properties.append(moved.property("RECURRENCE-ID"))
        return copy
    }

    /// Where a component starts and ends, as instants; the end is nil when it has none.
    func times(of component: Component) -> [Instant?] {
        let start = component.time("DTSTART")
        let end: Instant? =
            if let end = component.time("DTEND") ?? component.time("DUE") {
                zones.instant(end)
            } else if let start,
                let duration = component.property("DURATION").flatMap({ ICalendarDuration($0) })
            {
                zones.instant(start, adding: duration)
            } else if let start, start.isDate, component.isNamed("VEVENT") {
                zones.instant(start, adding: ICalendarDuration(days: 1))
            } else {
                nil
            }
        return [start.map(zones.instant), end]
    }
}

extension Component {
    /// The value of a property with one date or time.
    func time(_ name: String) -> DateTimeValue? { property(name).flatMap { DateTimeValue($0) } }

    /// The value of `RECURRENCE-ID`.
    var recurrenceID: DateTimeValue? { time("RECURRENCE-ID") }

    /// The values of all `EXDATE` lines.
    var excludedDates: [DateTimeValue] { properties("EXDATE").flatMap { DateTimeValue.list($0) ?? [] } }

    /// Whether it has a rule or further dates.
    var recurs: Bool { property("RRULE") != nil || property("RDATE") != nil }

    /// Whether its `STATUS` says that it does not take place.
    var isCancelled: Bool { property("STATUS")?.value.trimmingBlanks.isName("CANCELLED") ?? false }

    /// Takes out an instance, in the form of `DTSTART`.
    mutating func exclude(_ id: Instant, _ zones: CalendarZones) {
        guard let start = time("DTSTART") ?? time("DUE") else { return }
        properties.append(zones.value(at: id, like: start).property("EXDATE"))
    }

    /// Puts instances back that were taken out.
    mutating func readmit(_ ids: Set<Instant>, _ zones: CalendarZones) {
        for line in properties("EXDATE") {
            let values = DateTimeValue.list(line) ?? []
            let kept = values.filter { !ids.contains(zones.instant($0)) }
            guard kept.count < values.count, let index = properties.firstIndex(of: line) else { continue }
            // An empty list means nothing, and is no line.
            properties[index].value = kept.map(\.description).joined(separator: ",")
        }
        let empty = properties.contains { $0.isNamed("EXDATE") && $0.value.isEmpty }
        guard empty else { return }
        let kept = properties("EXDATE").filter { !$0.value.isEmpty }
        removeProperties("EXDATE")
        properties += kept
    }
}
