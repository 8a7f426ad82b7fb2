internal import ContentLine
internal import ICalendar

/// The part of a series that an attendee is invited to, as a series of its own (RFC 6638 §3.2.6).
///
/// It begins at the first instance of which the attendee is told, ends before the one from which on they are left out, and
/// lacks what lies between. A program that does not know `RANGE` shows the right days all the same, as rule, `UNTIL` and
/// `EXDATE` say them. Every instance has the `RECURRENCE-ID` that it has with the organizer, so that answers and changes
/// find it: what an override for all later instances moves is not moved by another `DTSTART`, but by that override beside the
/// rule, as it is for those who are invited from the beginning.
struct InvitedPart {
    /// The master of the part, which ends nowhere else than the whole does.
    private(set) var whole: Component
    /// The first instance, nil when it is that of the whole.
    private(set) var start: Instant?
    /// The instance from which on the attendee is left out, nil when there is none.
    private(set) var end: Instant?
    /// The override that the master stands for.
    private(set) var merged: Instant?
    private let series: ObjectSeries

    /// Nil when there is nothing that recurs, or of what recurs the attendee is invited to single instances at most.
    init?(of series: ObjectSeries, _ invites: (Component) -> Bool) {
        guard let master = series.master else { return nil }
        self.series = series
        let ranges = series.object.overrides.filter(\.isThisAndFuture).compactMap { component in
            series.id(of: component).map { (id: $0, component: component, isInvited: invites(component)) }
        }.sorted { $0.id < $1.id }
        let single = series.object.overrides.filter { !$0.isThisAndFuture && invites($0) }.compactMap(
            series.id)
        var gap: Instant?
        var gone: Set<Instant> = []
        if invites(master) {
            whole = master
        } else {
            guard let first = ranges.first(where: \.isInvited) else { return nil }
            let start = min(first.id, single.min() ?? first.id)
            self.start = start
            whole = Self.begun(at: start, as: first.component, first.id, series)
            if !Self.isMoved(first.component, first.id, series) { merged = first.id }
            gap = start
        }
        for range in ranges where start.map({ range.id >= $0 }) ?? true {
            if range.isInvited, let from = gap {
                gone.formUnion(series.instances(from: from, before: range.id))
                gap = nil
            } else if !range.isInvited, gap == nil {
                gap = range.id
            }
        }
        end = gap
        for other in series.object.overrides where !other.isThisAndFuture && !invites(other) {
            guard let id = series.id(of: other), start.map({ id >= $0 }) ?? true else { continue }
            gone.insert(id)
        }
        gone.subtract(single)
        gone.subtract(whole.excludedDates.map(series.zones.instant))
        for id in gone.sorted() { whole.exclude(id, series.zones) }
    }

    /// The master with its end; nil when nothing is left of it.
    var master: Component? {
        guard let end else { return whole }
        var master = whole
        return master.end(before: end, series.zones) ? master : nil
    }

    /// Whether an override begins at another time than the instance it names.
    private static func isMoved(_ override: Component, _ id: Instant, _ series: ObjectSeries) -> Bool {
        guard let name = series.startName, let named = series.master?.time(name) else { return false }
        return override.time(name) != series.zones.value(at: id, like: named)
    }

    /// A series that begins at the instance at `start`, and is what the override at `id` says of all later instances.
    private static func begun(
        at start: Instant, as override: Component, _ id: Instant, _ series: ObjectSeries
    ) -> Component {
        var part = override
        guard let master = series.master, let name = series.startName, let named = master.time(name) else {
            return part
        }
        part.removeProperties("RECURRENCE-ID")
        let times = ["DTSTART", "DTEND", "DUE", "DURATION"]
        var origin = id
        if isMoved(override, id, series) {
            for name in times { part.removeProperties(name) }
            part.properties += master.properties.filter { line in times.contains(where: line.isNamed) }
            origin = series.zones.instant(named)
        }
        let recurrence = ["RRULE", "RDATE", "EXDATE", "EXRULE"]
        part.properties += master.properties.filter { line in recurrence.contains(where: line.isNamed) }
        let number = max(part.sequence, master.sequence)
        if number > 0 { part.setProperty(ContentLine(name: "SEQUENCE", value: String(number))) }
        if part.drop(before: start, of: series) {
            part.shift(from: origin, to: start, like: named, series.zones)
        } else {
            // A rule that does not go on from there by itself: the instances before are taken out of it.
            part.shift(from: origin, to: series.zones.instant(named), like: named, series.zones)
            let known = Set(part.excludedDates.map(series.zones.instant))
            for id in series.instances(from: nil, before: start) where !known.contains(id) {
                part.exclude(id, series.zones)
            }
        }
        return part
    }
}

extension Component {
    /// Moves a component by as much on the local clock as lies between two instances.
    fileprivate mutating func shift(
        from origin: Instant, to target: Instant, like model: DateTimeValue, _ zones: CalendarZones
    ) {
        let seconds =
            zones.value(at: target, like: model).local.secondsSinceEpoch
            - zones.value(at: origin, like: model).local.secondsSinceEpoch
        for name in ["DTSTART", "DTEND", "DUE"] {
            guard let time = time(name) else { continue }
            setProperty(time.with(local: time.local.adding(seconds: seconds)).property(name))
        }
    }

    /// Drops what makes the instances before `start`; false when the rule would not make the same ones from there on.
    fileprivate mutating func drop(before start: Instant, of series: ObjectSeries) -> Bool {
        let rules = properties("RRULE")
        if let line = rules.first {
            // RFC 5545 §3.3.10: DTSTART is the first that a rule makes, and the place from which it counts.
            guard rules.count == 1, property("EXRULE") == nil, var rule = Self.rule(line), rule.skip == .omit,
                let before = series.ruled(before: start)
            else { return false }
            if let count = rule.count {
                guard count > before else { return false }
                rule.count = count - before
                setProperty(ContentLine(name: "RRULE", value: rule.description))
            }
        }
        for name in ["RDATE", "EXDATE"] { keepDates(name, series.zones) { $0 >= start } }
        return true
    }
}

extension ObjectSeries {
    /// How many instances the rule of the master makes before the one at `id`; nil when it does not make that one.
    fileprivate func ruled(before id: Instant) -> Int? {
        guard var master else { return nil }
        for name in ["RDATE", "EXDATE"] { master.removeProperties(name) }
        let all = instances(of: master, from: nil, before: id + 1)
        return all.last == id ? all.count - 1 : nil
    }
}
