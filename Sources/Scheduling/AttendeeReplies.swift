internal import ContentLine
internal import ICalendar

/// The messages of an attendee whose copy changed (RFC 6638 §3.2.2.3, §3.2.2.4; RFC 5546 §3.2.3).
struct AttendeeReplies {
    let session: SchedulingSession
    let owner: Set<CalendarUserAddress>
    let old: ObjectSeries?
    let new: ObjectSeries?
    let isForced: Bool

    /// The reply, and the address of the attendee as the organizer knows it; nil when there is nothing to say.
    func reply() -> (CalendarUserAddress, ITIPMessage)? {
        guard let source = new ?? old else { return nil }
        var answers = new.map(changedAnswers) ?? removal()
        if let new, let old { answers += takenOut(of: old, in: new) }
        let components = answers.compactMap(answer)
        guard let message = session.message(.reply, components, from: source.object),
            let line = answers.first?.attendeeLine(owner)
        else { return nil }
        return (CalendarUserAddress(line.value), message)
    }

    /// The components in which the attendee's answer is another than before.
    private func changedAnswers(_ new: ObjectSeries) -> [Component] {
        new.object.components.filter { component in
            guard let now = component.attendeeLine(owner) else { return false }
            if isForced { return true }
            guard let old else {
                // RFC 6638 §3.2.2.2: an invitation that came by another way was answered as it was stored.
                return now.partStat != "NEEDS-ACTION" && isNews(component, now, new)
            }
            let before = old.counterpart(of: component, in: new)?.attendeeLine(owner)
            if let id = new.id(of: component), component.isThisAndFuture,
                old.override(at: id)?.isThisAndFuture != true,
                let later = old.derived(at: id)?.attendeeLine(owner), later.partStat != now.partStat
            {
                return true
            }
            return now.partStat != before?.partStat ?? "NEEDS-ACTION"
                || Set(now.addresses("DELEGATED-TO")) != Set(before?.addresses("DELEGATED-TO") ?? [])
        }
    }

    /// Whether an override of a new object answers otherwise than the whole of it.
    private func isNews(_ component: Component, _ line: ContentLine, _ series: ObjectSeries) -> Bool {
        guard component.recurrenceID != nil, let whole = series.master?.attendeeLine(owner) else {
            return true
        }
        return whole.partStat != line.partStat
    }

    /// RFC 6638 §3.2.2.3: instances that the attendee took out are declined.
    private func takenOut(of old: ObjectSeries, in new: ObjectSeries) -> [Component] {
        new.excluded.subtracting(old.excluded).sorted().compactMap { id in
            old.instance(at: id).flatMap(declined)
        }
    }

    /// RFC 6638 §8.1: who removes the copy declines all of it that was not declined already.
    private func removal() -> [Component] {
        old?.object.components.compactMap(declined) ?? []
    }

    private func declined(_ component: Component) -> Component? {
        guard let line = component.attendeeLine(owner), line.partStat != "DECLINED", !component.isCancelled
        else {
            return nil
        }
        var copy = component
        copy.changeAttendee(owner) { $0.set("PARTSTAT", "DECLINED") }
        return copy
    }

    /// RFC 5546 §3.2.3: the attendee's line alone, with enough of the rest for the organizer's program, and its reader, to know
    /// what it is about.
    private func answer(_ component: Component) -> Component? {
        guard let line = component.attendeeLine(owner) else { return nil }
        let told = [
            "UID", "RECURRENCE-ID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "DUE", "RRULE", "RDATE",
            "SUMMARY",
            "LOCATION", "ORGANIZER", "COMMENT", "PERCENT-COMPLETE", "COMPLETED",
        ]
        let shared = component.shared
        var answer = Component(
            name: component.name,
            properties: shared.properties.filter { property in told.contains(where: property.isNamed) })
        let delegates = Set(line.addresses("DELEGATED-TO"))
        for attendee in shared.attendeeLines {
            let address = CalendarUserAddress(attendee.value)
            guard owner.contains(address) || delegates.contains(address) else { continue }
            var copy = attendee
            if owner.contains(address) { copy.set("RSVP", nil) }
            answer.properties.append(copy)
        }
        answer.properties.append(
            ContentLine(name: "REQUEST-STATUS", value: ScheduleStatus.success.description))
        return answer
    }

    /// RFC 5546 §3.2.2.3: those to whom the attendee has handed the invitation get it.
    func delegations() -> [ScheduledMessage] {
        guard let new, let own = new.object.components.lazy.compactMap({ $0.attendeeLine(owner) }).first
        else {
            return []
        }
        let before = Set(old?.object.attendees ?? [])
        let delegates = new.object.components.flatMap(\.attendeeLines).filter { line in
            line.scheduleAgent == .server && !owner.isDisjoint(with: line.addresses("DELEGATED-FROM"))
        }
        var seen = before
        return delegates.map { CalendarUserAddress($0.value) }.filter { seen.insert($0).inserted }.compactMap
        {
            delegate in
            let view = AttendeeView(new, for: [delegate])
            guard let message = session.message(.request, view.components, from: new.object) else {
                return nil
            }
            return ScheduledMessage(
                originator: CalendarUserAddress(own.value), recipient: delegate, message: message)
        }
    }
}
