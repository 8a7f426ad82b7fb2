internal import ContentLine
public import ICalendar

extension SchedulingSession {
    /// An object with the answers that a program gives for its user, where none was given (RFC 6638 §2.4.2).
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - user: the addresses of the user.
    ///   - status: the answer to all of it, nil for none.
    ///   - conflicts: instances that are declined whatever the answer to all of it is.
    /// - Returns: the object; nil when no answer was wanted.
    public func answering(
        _ object: CalendarObject, for user: Set<CalendarUserAddress>, _ status: String?,
        declining conflicts: Set<Instant>
    ) -> CalendarObject? {
        let series = series(object)
        var isAsked = false
        let answered = object.mapComponents { component in
            let isConflict = series.id(of: component).map(conflicts.contains) ?? false
            guard let answer = isConflict ? "DECLINED" : status else { return }
            isAsked = component.answer(answer, for: user) || isAsked
        }
        let declined = conflicts.sorted().compactMap { id -> Component? in
            guard series.override(at: id) == nil, var instance = series.derived(at: id),
                instance.answer("DECLINED", for: user)
            else { return nil }
            return instance
        }
        guard isAsked || !declined.isEmpty else { return nil }
        return declined.isEmpty ? answered : answered.with(answered.components + declined)
    }
}

extension Component {
    /// Whether somebody waits for the answer of the user.
    public func asks(_ user: Set<CalendarUserAddress>) -> Bool {
        attendeeLine(user)?.partStat == "NEEDS-ACTION"
    }

    /// Gives an answer where none was given; whether there was such a place.
    fileprivate mutating func answer(_ status: String, for user: Set<CalendarUserAddress>) -> Bool {
        guard asks(user) else { return false }
        return changeAttendee(user) { line in
            guard line.partStat == "NEEDS-ACTION" else { return }
            line.set("PARTSTAT", status)
            line.set("RSVP", nil)
        }
    }
}
