internal import ContentLine
internal import ICalendar

/// A REQUEST or ADD that an attendee gets (RFC 5546 §3.2.2, §3.2.4; RFC 6638 §4.1).
struct IncomingRequest {
    private let incoming: IncomingMessage
    private let message: ObjectSeries
    private let view: AttendeeView

    init(_ incoming: IncomingMessage) {
        self.incoming = incoming
        message = incoming.session.series(incoming.message.object)
        view = AttendeeView(message, for: incoming.recipient, anyAgent: true)
    }

    func outcome() -> IncomingOutcome {
        if let organizer = incoming.message.object.organizer, incoming.recipient.contains(organizer) {
            return .ignored(.notInvited)
        }
        guard !view.isEmpty else { return .shown(.notInvited) }
        guard let existing = incoming.existing else {
            guard incoming.message.method == .request else { return unknownAddition() }
            return storing(view.components.map { stamped($0) }, into: nil)
        }
        guard incoming.isFromOrganizer else { return .ignored(.otherOrganizer) }
        let series = incoming.session.series(existing)
        if view.master != nil, incoming.message.method == .request { return replace(series) }
        return merge(into: series)
    }

    /// RFC 5546 §3.2.4: an attendee who does not know what is added to asks for it.
    private func unknownAddition() -> IncomingOutcome {
        var outcome = IncomingOutcome.shown(.noSuchObject)
        let lines = view.components.compactMap { component in
            component.attendeeLine(incoming.recipient).map { (component, $0) }
        }
        guard let (component, line) = lines.first, let organizer = incoming.message.object.organizer else {
            return outcome
        }
        var asking = Component(name: component.name)
        asking.properties = component.properties.filter { $0.isNamed("UID") || $0.isNamed("ORGANIZER") }
        asking.properties.append(ContentLine(name: "ATTENDEE", value: line.value))
        if let message = incoming.session.message(.refresh, [asking], from: incoming.message.object) {
            outcome.answers = [
                ScheduledMessage(
                    originator: CalendarUserAddress(line.value), recipient: organizer, message: message)
            ]
        }
        return outcome
    }

    /// The whole object anew, with what the attendee has added to it.
    private func replace(_ old: ObjectSeries) -> IncomingOutcome {
        guard let now = view.master else { return .ignored(.notInvited) }
        let before = old.master ?? old.object.overrides.first
        if let before, !incoming.isNewer(now, than: before) {
            // A change of one instance may be later than the whole.
            return .ignored(isSame(old) ? .alreadyApplied : .outdated)
        }
        var master = adopted(now, old.master, old)
        var overrides: [Component] = []
        for override in view.overrides {
            guard let id = view.id(of: override) else { continue }
            let line = override.attendeeLine(incoming.recipient)
            if old.excluded.contains(id), line?.partStat == "DECLINED" {
                // What the attendee declined by taking it out stays out.
                master.exclude(id, message.zones)
                continue
            }
            let known = old.override(at: id)
            if let known, !incoming.isNewer(override, than: known) {
                overrides.append(known)
            } else {
                overrides.append(adopted(override, known ?? old.instance(at: id), old))
            }
        }
        overrides += keptAlarms(of: old, master: master)
        return storing([master] + overrides, into: old)
    }

    /// Overrides that differ from the series only in what the attendee added to them.
    private func keptAlarms(of old: ObjectSeries, master: Component) -> [Component] {
        old.object.overrides.compactMap { known in
            guard let id = old.id(of: known), view.override(at: id) == nil, !view.excluded.contains(id),
                known.attendeeLine(incoming.recipient)?.partStat
                    == old.master?.attendeeLine(incoming.recipient)?.partStat,
                let derived = old.derived(at: id),
                ComparedForm(shared: derived) == ComparedForm(shared: known),
                message.hasInstance(at: id), var now = message.derived(at: id)
            else { return nil }
            now.keepPrivateParts(of: known)
            if let status = master.attendeeLine(incoming.recipient)?.partStat {
                now.changeAttendee(incoming.recipient) { $0.set("PARTSTAT", status) }
            }
            return now
        }
    }

    private func isSame(_ old: ObjectSeries) -> Bool {
        view.components.allSatisfy { component in
            guard let known = old.counterpart(of: component, in: message) else { return false }
            return ComparedForm(shared: known) == ComparedForm(shared: component)
        }
    }

    /// Some instances, among those that the attendee knows.
    private func merge(into old: ObjectSeries) -> IncomingOutcome {
        var components = old.object.components
        var changed = false
        for component in view.components {
            guard let id = view.id(of: component) else {
                changed = add(component, to: &components, old) || changed
                continue
            }
            let place = components.firstIndex { old.id(of: $0) == id }
            let known = place.map { components[$0] } ?? old.instance(at: id)
            if let known, !incoming.isNewer(component, than: known) { continue }
            let adopted = adopted(component, known ?? old.master, old, isNew: known == nil)
            if let place { components[place] = adopted } else { components.append(adopted) }
            if let master = components.firstIndex(where: { $0.recurrenceID == nil }) {
                components[master].readmit([id], old.zones)
            }
            changed = true
            if component.isThisAndFuture { follow(from: id, &components, old) }
        }
        return changed ? storing(components, into: old) : .ignored(.outdated)
    }

    /// RFC 5545 §3.2.13: later instances follow one that stands for them, also those to which the attendee has only added
    /// alarms or an answer of their own.
    private func follow(from id: Instant, _ components: inout [Component], _ old: ObjectSeries) {
        guard let object = old.object.with(components) else { return }
        let new = incoming.session.series(object)
        for index in components.indices {
            guard let own = old.id(of: components[index]), own > id, !components[index].isThisAndFuture,
                let was = old.derived(at: own), let now = new.derived(at: own),
                ComparedForm(shared: was) == ComparedForm(shared: components[index]),
                let line = components[index].attendeeLine(incoming.recipient)
            else { continue }
            var followed = now
            followed.keepPrivateParts(of: components[index])
            if new.times(of: now) == old.times(of: was) {
                followed.changeAttendee(incoming.recipient) { $0.set("PARTSTAT", line.partStat) }
            }
            components[index] = followed
        }
    }

    /// RFC 5546 §3.2.4: an ADD without `RECURRENCE-ID` adds a date to the series.
    private func add(_ component: Component, to components: inout [Component], _ old: ObjectSeries) -> Bool {
        guard let master = components.firstIndex(where: { $0.recurrenceID == nil }),
            let start = component.time("DTSTART"),
            let own = components[master].time("DTSTART")
        else { return false }
        guard component.sequence >= components[master].sequence else { return false }
        let id = message.zones.instant(start)
        let date = old.zones.value(at: id, like: own)
        // The same message may come twice.
        let place = components.firstIndex { $0.recurrenceID != nil && old.id(of: $0) == id }
        let known = place.map { components[$0] }
        if let known, !incoming.isNewer(component, than: known) { return false }
        if !old.hasInstance(at: id) { components[master].properties.append(date.property("RDATE")) }
        var override = component
        override.properties.append(date.property("RECURRENCE-ID"))
        let adopted = adopted(override, known ?? old.master, old, isNew: known == nil)
        if let place { components[place] = adopted } else { components.append(adopted) }
        return true
    }

    /// A component of the message as the attendee stores it.
    private func adopted(
        _ component: Component, _ known: Component?, _ old: ObjectSeries, isNew: Bool = false
    ) -> Component {
        var copy = component
        if let known {
            copy.keepPrivateParts(of: known)
            let asked = component.attendeeLine(incoming.recipient)?.partStat ?? "NEEDS-ACTION"
            let moved =
                isNew || old.times(of: known) != message.times(of: component)
                || component.sequence > known.sequence
            if asked == "NEEDS-ACTION", !moved, let own = known.attendeeLine(incoming.recipient) {
                // The organizer has not seen the answer yet.
                copy.changeAttendee(incoming.recipient) {
                    $0.set("PARTSTAT", own.parameter("PARTSTAT")?.values.first)
                }
            }
        }
        return stamped(copy)
    }

    private func stamped(_ component: Component) -> Component {
        component.keepingStamp(incoming.stamp(of: component))
    }

    private func storing(_ components: [Component], into old: ObjectSeries?) -> IncomingOutcome {
        let source = incoming.message.object.calendar
        var calendar = old?.object.calendar ?? source
        calendar.removeProperties("METHOD")
        let kind = incoming.message.object.kind.rawValue
        var zones = source.components("VTIMEZONE")
        for zone in old?.object.calendar.components("VTIMEZONE") ?? []
        where !zones.contains(where: { $0.property("TZID")?.value == zone.property("TZID")?.value }) {
            zones.append(zone)
        }
        calendar.components.removeAll { $0.isNamed(kind) || $0.isNamed("VTIMEZONE") }
        calendar.components = zones + calendar.components + components
        return IncomingOutcome(storing: calendar)
    }
}

extension Component {
    /// The component with the stamp of the message that it comes from beside the organizer.
    func keepingStamp(_ stamp: MessageStamp?) -> Component {
        guard let stamp, let index = properties.firstIndex(where: { $0.isNamed("ORGANIZER") }) else {
            return self
        }
        var copy = self
        copy.properties[index].set(ContentLine.stampParameter, stamp.description)
        return copy
    }
}
