internal import ContentLine
public import ICalendar

/// What follows when an organizer creates, changes or removes an object (RFC 6638 §3.2.1).
public struct OrganizerChange {
    /// What is to be stored, before it is known how the messages fare; nil when the object is removed.
    public let object: CalendarObject?
    /// The messages to send.
    public let messages: [ScheduledMessage]
    /// Attendees for whom the client wanted a message of a kind that is not known (RFC 6638 §7.2).
    private let wrongForces: [CalendarUserAddress]

    /// Works out what follows.
    ///
    /// - Parameters:
    ///   - old: what was there before; nil when nothing was.
    ///   - new: what the client wants; nil to remove it. When it is no longer one of the organizer's, as it has no
    ///     `ORGANIZER`, it counts as removed for all that were invited.
    ///   - owner: the addresses of the organizer.
    ///   - session: the session.
    /// - Throws: `SchedulingConflict`.
    public init(
        from old: CalendarObject?, to new: CalendarObject?, owner: Set<CalendarUserAddress>,
        _ session: SchedulingSession
    ) throws(SchedulingConflict) {
        try new?.checkOrganizers()
        let previous = old.flatMap { $0.role(of: owner) == .organizer ? $0 : nil }
        let next = new.flatMap { $0.role(of: owner) == .organizer ? $0 : nil }
        if previous != nil, let new, next == nil, new.organizer != nil {
            throw .organizerChange(reason: "the organizer of an object cannot be replaced")
        }
        var stored = next
        let forced = next?.forcedAttendees("REQUEST") ?? []
        wrongForces = next?.wronglyForcedAttendees("REQUEST") ?? []
        stored = stored?.mapComponents { $0.removeForces() }
        if let was = previous, let now = stored {
            let before = session.series(was)
            try Self.checkAnswers(from: before, to: session.series(now), owner)
            stored = Reschedule(old: before, new: session.series(now)).applied(organizer: owner)
        }
        object = stored ?? new
        guard let organizer = (previous ?? next)?.organizer else {
            messages = []
            return
        }
        let oldSeries = previous.map(session.series)
        let newSeries = stored.map(session.series)
        var recipients = stored?.attendees ?? []
        recipients += (previous?.attendees ?? []).filter { !recipients.contains($0) }
        // RFC 6638 §3.2.1: the organizer is told nothing.
        messages = recipients.filter { !owner.contains($0) }.flatMap { recipient in
            OrganizerMessages(
                attendee: recipient, session: session, old: oldSeries, new: newSeries,
                isForced: forced.contains(recipient)
            ).messages().map {
                ScheduledMessage(originator: organizer, recipient: recipient, message: $0)
            }
        }
    }

    /// RFC 6638 §3.2.1: answers are the attendees' to give; an organizer can only take them back.
    private static func checkAnswers(
        from old: ObjectSeries, to new: ObjectSeries, _ owner: Set<CalendarUserAddress>
    ) throws(SchedulingConflict) {
        for component in new.object.components {
            guard let before = old.counterpart(of: component, in: new) else { continue }
            for line in component.attendeeLines where line.scheduleAgent == .server {
                let address = CalendarUserAddress(line.value)
                guard !owner.contains(address), line.partStat != "NEEDS-ACTION",
                    let was = before.attendeeLine([address]), was.scheduleAgent == .server,
                    was.partStat != line.partStat
                else { continue }
                throw .organizerChange(reason: "\(line.value) has not answered \(line.partStat)")
            }
        }
    }

    /// What is to be stored, once it is known how the messages fared (RFC 6638 §7.3).
    ///
    /// Attendees who were sent nothing keep the status that they have.
    public func stored(_ statuses: [CalendarUserAddress: ScheduleStatus]) -> CalendarObject? {
        guard !statuses.isEmpty || !wrongForces.isEmpty else { return object }
        return object?.mapComponents { component in
            for index in component.properties.indices where component.properties[index].isNamed("ATTENDEE") {
                let address = CalendarUserAddress(component.properties[index].value)
                guard component.properties[index].scheduleAgent == .server else { continue }
                if wrongForces.contains(address) {
                    component.properties[index].set("SCHEDULE-STATUS", ScheduleStatus.parameterIgnored.code)
                } else if let status = statuses[address] {
                    component.properties[index].set("SCHEDULE-STATUS", status.code)
                }
            }
        }
    }
}

extension CalendarObject {
    /// The attendees for whom the client wants a message of that kind (RFC 6638 §7.2).
    fileprivate func forcedAttendees(_ method: String) -> [CalendarUserAddress] {
        forces { $0.isName(method) }
    }

    fileprivate func wronglyForcedAttendees(_ method: String) -> [CalendarUserAddress] {
        forces { !$0.isName(method) }
    }

    private func forces(_ isWanted: (String) -> Bool) -> [CalendarUserAddress] {
        components.flatMap(\.attendeeLines).filter { line in
            line.scheduleAgent == .server
                && (line.parameter("SCHEDULE-FORCE-SEND")?.values.first.map(isWanted) ?? false)
        }.map { CalendarUserAddress($0.value) }
    }
}

extension Component {
    /// RFC 6638 §7.2: the parameter is never kept.
    mutating func removeForces() {
        for index in properties.indices
        where properties[index].isNamed("ATTENDEE") || properties[index].isNamed("ORGANIZER") {
            properties[index].set("SCHEDULE-FORCE-SEND", nil)
        }
    }
}
