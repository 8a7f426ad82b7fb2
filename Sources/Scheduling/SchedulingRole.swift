internal import ContentLine
public import ICalendar

/// What the owner of a calendar is to an object in it (RFC 6638 §3.1).
public enum SchedulingRole: Hashable, Sendable {
    /// The owner organizes it.
    case organizer
    /// The owner is invited.
    case attendee
    /// It is no scheduling object of the owner.
    case none
}

extension CalendarObject {
    /// What the user with these addresses is to the object.
    public func role(of owner: Set<CalendarUserAddress>) -> SchedulingRole {
        guard kind == .event || kind == .todo, let organizer else { return .none }
        if owner.contains(organizer) { return .organizer }
        return components.contains { $0.attendeeLine(owner) != nil } ? .attendee : .none
    }

    /// RFC 6638 §3.2.4.2: throws unless all components that name an organizer name the same.
    func checkOrganizers() throws(SchedulingConflict) {
        let organizers = Set(components.compactMap(\.organizerLine).map { CalendarUserAddress($0.value) })
        guard organizers.count <= 1 else { throw .severalOrganizers }
    }

    /// Whether the client or nobody, and not the server, answers the organizer (RFC 6638 §3.2.2).
    var isAnsweredElsewhere: Bool {
        components.lazy.compactMap(\.organizerLine).first.map { $0.scheduleAgent != .server } ?? false
    }

    /// The object with other components; nil when they make no object.
    func with(_ components: [Component]) -> CalendarObject? {
        var calendar = calendar
        let zones = calendar.components.filter { $0.isNamed("VTIMEZONE") }
        let others = calendar.components.filter { !$0.isNamed("VTIMEZONE") && !$0.isNamed(kind.rawValue) }
        calendar.components = zones + others + components
        do { return try CalendarObject(calendar) } catch { return nil }
    }

    /// The object with each component changed in its place.
    func mapComponents(_ change: (inout Component) -> Void) -> CalendarObject {
        var calendar = calendar
        for index in calendar.components.indices where calendar.components[index].isNamed(kind.rawValue) {
            change(&calendar.components[index])
        }
        do { return try CalendarObject(calendar) } catch { return self }
    }
}
