internal import ContentLine
internal import ICalendar

/// Whether an attendee changed only what is theirs to change (RFC 6638 §3.2.2.1).
///
/// What the organizer decides is when it is, what it is called, where it is, and who is invited; all else is left to the
/// attendee's programs, which write down much that means nothing.
struct AttendeeCheck {
    let old: ObjectSeries
    let new: ObjectSeries
    let owner: Set<CalendarUserAddress>

    func run() throws(SchedulingConflict) {
        guard (old.master == nil) == (new.master == nil) else {
            throw .attendeeChange(reason: "the series as a whole can be neither added nor left out")
        }
        if let was = old.master, let now = new.master {
            try check(was, now)
            guard Self.recurrence(of: was, old.zones) == Self.recurrence(of: now, new.zones) else {
                throw .attendeeChange(reason: "the recurrence is the organizer's")
            }
            guard old.excluded.isSubset(of: new.excluded) else {
                throw .attendeeChange(reason: "instances can be taken out, not put back")
            }
        }
        for override in new.object.overrides {
            guard let before = old.counterpart(of: override, in: new) else {
                throw .attendeeChange(reason: "there is no such instance")
            }
            try check(before, override)
            try checkRange(of: override)
        }
        for override in old.object.overrides {
            guard let id = old.id(of: override), new.override(at: id) == nil, !new.excluded.contains(id)
            else {
                continue
            }
            // An override that goes away puts back what the series has in its place.
            guard let now = new.instance(at: id) else { continue }
            try check(override, now)
        }
    }

    /// An attendee can answer for all later instances, but not move them.
    private func checkRange(of override: Component) throws(SchedulingConflict) {
        guard let id = new.id(of: override), let was = old.override(at: id),
            was.isThisAndFuture != override.isThisAndFuture
        else { return }
        guard let derived = old.derived(at: id), old.times(of: derived) == new.times(of: override) else {
            throw .attendeeChange(reason: "for which instances it holds is the organizer's")
        }
    }

    private func check(_ was: Component, _ now: Component) throws(SchedulingConflict) {
        guard old.times(of: was) == new.times(of: now) else {
            throw .attendeeChange(reason: "the times are the organizer's")
        }
        for name in ["SUMMARY", "LOCATION"] {
            guard (was.text(name) ?? "").hasSameBytes(as: now.text(name) ?? "") else {
                throw .attendeeChange(reason: "\(name) is the organizer's")
            }
        }
        let organizers = [was, now].map { $0.organizerLine.map { CalendarUserAddress($0.value) } }
        guard organizers[0] == organizers[1] else {
            throw .attendeeChange(reason: "the organizer cannot be replaced")
        }
        guard was.isNamed("VTODO") || was.isCancelled == now.isCancelled else {
            throw .attendeeChange(reason: "whether it takes place is the organizer's")
        }
        try checkAttendees(was, now)
    }

    private func checkAttendees(_ was: Component, _ now: Component) throws(SchedulingConflict) {
        let before = Set(was.attendeeLines.map { CalendarUserAddress($0.value) })
        let after = Set(now.attendeeLines.map { CalendarUserAddress($0.value) })
        let delegates = now.attendeeLines.filter { !owner.isDisjoint(with: $0.addresses("DELEGATED-FROM")) }
        let added = after.subtracting(before).subtracting(delegates.map { CalendarUserAddress($0.value) })
        guard added.isEmpty, before.isSubset(of: after) else {
            throw .attendeeChange(reason: "who is invited is the organizer's")
        }
    }

    private static func recurrence(of component: Component, _ zones: CalendarZones) -> Set<String> {
        var parts: Set<String> = []
        for line in component.properties("RRULE") {
            do { parts.insert(try RecurrenceRule(line).description) } catch { parts.insert(line.value) }
        }
        for date in component.properties("RDATE").flatMap({ RecurrenceDate.list($0) ?? [] }) {
            parts.insert(zones.instant(date.start).description)
        }
        return parts
    }

    /// The new state with the answers of others as the server knows them: a client may not have seen the latest.
    func withAnswersOfOthers() -> CalendarObject {
        new.object.mapComponents { component in
            guard let before = old.counterpart(of: component, in: new) else { return }
            component.takeAnswers(from: before, except: owner)
        }
    }
}

extension Component {
    /// Takes over how attendees answered, and how messages to them fared.
    mutating func takeAnswers(from other: Component, except owner: Set<CalendarUserAddress>) {
        for index in properties.indices where properties[index].isNamed("ATTENDEE") {
            let address = CalendarUserAddress(properties[index].value)
            guard !owner.contains(address), let known = other.attendeeLine([address]) else { continue }
            let names = [
                "PARTSTAT", "SCHEDULE-STATUS", "DELEGATED-TO", "DELEGATED-FROM", ContentLine.stampParameter,
            ]
            for name in names {
                guard let parameter = known.parameter(name) else {
                    if name == "PARTSTAT", properties[index].partStat != "NEEDS-ACTION" {
                        properties[index].set(name, nil)
                    }
                    continue
                }
                guard properties[index].parameter(name)?.values != parameter.values else { continue }
                if let place = properties[index].parameters.firstIndex(where: { $0.isNamed(name) }) {
                    properties[index].parameters[place] = parameter
                } else {
                    properties[index].parameters.append(parameter)
                }
            }
        }
    }
}
