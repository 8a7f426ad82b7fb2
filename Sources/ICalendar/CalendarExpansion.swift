internal import ContentLine

/// An object has more instances in a range than the limits allow, or finding them takes too much work.
public struct RecurrenceLimitExceeded: Error, Hashable, Sendable {}

extension Component {
    /// The calendar with each instance in `range` as a component of its own (RFC 4791 §9.6.5).
    ///
    /// Times with a zone become times in UTC, whole days and floating times stay what they are. There are no time zones and
    /// no properties of recurrence left but `RECURRENCE-ID`, which all instances of recurring components have except the
    /// one at the master's `DTSTART`.
    ///
    /// - Throws: `RecurrenceLimitExceeded`.
    public func expanded(
        in range: TimeRange, zones: ZoneResolver, limits: RecurrenceLimits = RecurrenceLimits()
    ) throws(RecurrenceLimitExceeded) -> Component {
        try expanded(in: range, RecurrenceSet(self, zones: zones, limits: limits))
    }

    /// The calendar with each instance in `range` as a component of its own, its components gathered before.
    ///
    /// - Throws: `RecurrenceLimitExceeded`.
    public func expanded(
        in range: TimeRange, _ set: RecurrenceSet
    ) throws(RecurrenceLimitExceeded) -> Component {
        var result = Component(name: name, properties: properties)
        for index in set.withoutStart where components[index].overlapsWithoutStart(range, zones: set.zones) {
            var component = components[index]
            component.changeToUTC(zones: set.zones)
            result.components.append(component)
        }
        var instances = set.instances(overlapping: range)
        while let instance = instances.next() {
            result.components.append(components[instance.componentIndex].instance(instance, zones: set.zones))
        }
        guard !instances.isTruncated else { throw RecurrenceLimitExceeded() }
        return result
    }

    /// The component as it would be for one instance alone.
    func instance(_ instance: Instance, zones: CalendarZones) -> Component {
        var copy = self
        let isUnchanged = instance.recurrenceID == nil || (instance.isOverride && isAt(instance, zones))
        for name in ["RRULE", "RDATE", "EXDATE", "EXRULE"] { copy.removeProperties(name) }
        if !isUnchanged { copy.move(to: instance, zones: zones) }
        copy.removeProperties("RECURRENCE-ID")
        if let id = instance.recurrenceID, instance.isOverride || !instance.isFirst {
            copy.properties.append(id.property("RECURRENCE-ID"))
        }
        copy.changeToUTC(zones: zones)
        copy.replaceNominalDuration(instance)
        return copy
    }

    /// Whether the component's own start is that of the instance.
    private func isAt(_ instance: Instance, _ zones: CalendarZones) -> Bool {
        property("DTSTART").flatMap { DateTimeValue($0) }.map { zones.instant($0) == instance.start } ?? false
    }

    /// Gives the component the times of an instance.
    private mutating func move(to instance: Instance, zones: CalendarZones) {
        let isTodo = isNamed("VTODO")
        let endName = isTodo ? "DUE" : "DTEND"
        let end = property(endName).flatMap { DateTimeValue($0) }
        if isTodo, property("DTSTART") == nil {
            return setProperty(zones.expanded(instance.start, like: instance.startValue).property(endName))
        }
        setProperty(zones.expanded(instance.start, like: instance.startValue).property("DTSTART"))
        let duration = property("DURATION").flatMap { ICalendarDuration($0) }
        if let end {
            setProperty(zones.expanded(instance.end, like: end).property(endName))
        } else if duration.map({ zones.instant(instance.startValue, adding: $0) }) ?? instance.start
            != instance.end, !instance.startValue.isDate
        {
            // An RDATE with an end of its own.
            removeProperties("DURATION")
            setProperty(zones.expanded(instance.end, like: instance.startValue).property(endName))
        }
    }

    /// Days counted from a time in UTC would not follow the clocks of the zone it was in.
    private mutating func replaceNominalDuration(_ instance: Instance) {
        guard let start = property("DTSTART").flatMap({ DateTimeValue($0) }), case .utc = start,
            let duration = property("DURATION").flatMap({ ICalendarDuration($0) }), duration.days != 0
        else { return }
        let exact = ICalendarDuration(seconds: instance.end - instance.start)
        setProperty(ContentLine(name: "DURATION", value: exact.description))
    }

    /// Makes times with a zone times in UTC, here and in the components inside.
    private mutating func changeToUTC(zones: CalendarZones) {
        for index in properties.indices {
            let line = properties[index]
            guard line.tzid != nil, let values = DateTimeValue.list(line) else { continue }
            let texts = values.map { value in
                if case .zoned = value { zones.instant(value).description } else { value.description }
            }
            properties[index].parameters.removeAll { $0.isNamed("TZID") }
            properties[index].value = texts.joined(separator: ",")
        }
        for index in components.indices { components[index].changeToUTC(zones: zones) }
    }
}

extension CalendarZones {
    /// A date or a floating time as `model` is, else the time in UTC.
    ///
    /// A local time would be taken for the first of two that are the same.
    func expanded(_ instant: Instant, like model: DateTimeValue) -> DateTimeValue {
        switch model {
        case .date, .floating: value(at: instant, like: model)
        case .utc, .zoned: .utc(instant.utc)
        }
    }
}
