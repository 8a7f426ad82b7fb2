internal import ContentLine
internal import ICalendar

/// What changes when an organizer moves an object or some of its instances (RFC 6638 §3.2.8).
struct Reschedule {
    let old: ObjectSeries
    let new: ObjectSeries

    /// Whether a component of the new state is another in time than what was there before it.
    func isRescheduled(_ component: Component) -> Bool {
        guard let before = old.counterpart(of: component, in: new) else {
            // An instance that the old state does not have.
            return new.id(of: component) != nil && old.master != nil
        }
        if old.times(of: before) != new.times(of: component) { return true }
        return component.recurrenceID == nil && hasMoreInstances(component, than: before)
    }

    /// RFC 6638 §3.2.8: whether rule, dates or exclusions make instances that were not there, or move some.
    private func hasMoreInstances(_ now: Component, than before: Component) -> Bool {
        let rules = (Self.rules(of: before), Self.rules(of: now))
        if rules.0 != rules.1, !Self.isShortened(from: rules.0, to: rules.1) { return true }
        let dates = (Self.dates(of: before, old.zones), Self.dates(of: now, new.zones))
        if !dates.1.isSubset(of: dates.0) { return true }
        return !old.excluded.isSubset(of: new.excluded)
    }

    /// Whether the rule is the same but ends sooner.
    private static func isShortened(from old: [RecurrenceRule], to new: [RecurrenceRule]) -> Bool {
        guard let was = old.first, let now = new.first, old.count == 1, new.count == 1 else {
            return new.isEmpty
        }
        var endless = (was, now)
        endless.0.count = nil
        endless.0.until = nil
        endless.1.count = nil
        endless.1.until = nil
        guard endless.0 == endless.1 else { return false }
        if was.isInfinite { return true }
        if let count = was.count, let fewer = now.count { return fewer <= count }
        if let until = was.until, let sooner = now.until { return sooner.local <= until.local }
        return false
    }

    private static func rules(of component: Component) -> [RecurrenceRule] {
        component.properties("RRULE").compactMap { line in
            do { return try RecurrenceRule(line) } catch { return nil }
        }
    }

    private static func dates(of component: Component, _ zones: CalendarZones) -> Set<Instant> {
        Set(
            component.properties("RDATE").flatMap { RecurrenceDate.list($0) ?? [] }.map {
                zones.instant($0.start)
            })
    }

    /// The new state, with the answers of all but the organizer taken back where it moved, and with numbers that grow.
    func applied(organizer: Set<CalendarUserAddress>) -> CalendarObject {
        new.object.mapComponents { component in
            let before = old.counterpart(of: component, in: new)
            var least = before?.sequence ?? 0
            if isRescheduled(component) {
                // RFC 5546 §2.1.4: a new time is a new number.
                least += before == nil ? 0 : 1
                component.resetAnswers(except: organizer)
            }
            if component.sequence < least {
                component.setProperty(ContentLine(name: "SEQUENCE", value: String(least)))
            }
        }
    }
}

extension Component {
    fileprivate mutating func resetAnswers(except organizer: Set<CalendarUserAddress>) {
        for index in properties.indices where properties[index].isNamed("ATTENDEE") {
            guard !organizer.contains(CalendarUserAddress(properties[index].value)),
                properties[index].scheduleAgent == .server, properties[index].partStat != "NEEDS-ACTION"
            else { continue }
            properties[index].set("PARTSTAT", "NEEDS-ACTION")
        }
    }
}
