public import ICalendar

/// The value of `CALDAV:schedule-tag` (RFC 6638 §3.2.10).
///
/// It is worked out of the object: of all that its owner has changed or the organizer has, and of where the object is, but
/// not of the answers of others. So it is the same for every process, costs no storage, and stays with a server's data
/// wherever they go.
public struct ScheduleTag: Hashable, Sendable, CustomStringConvertible {
    /// The tag with its quotes.
    public let description: String

    /// Works the tag out.
    ///
    /// - Parameters:
    ///   - object: the object.
    ///   - path: where it is.
    ///   - owner: the addresses of the owner of the calendar.
    ///   - session: the session.
    public init(
        of object: CalendarObject, at path: String, owner: Set<CalendarUserAddress>,
        _ session: SchedulingSession
    ) {
        var digest = StableDigest()
        digest.add(Array(path.utf8))
        if let master = object.master { ComparedForm(owned: master, by: owner).feed(&digest) }
        let series = session.series(object)
        for override in object.overrides {
            let form = ComparedForm(owned: override, by: owner)
            // An override that only holds somebody's answer is inconsequential.
            if let id = series.id(of: override), let derived = series.derived(at: id),
                ComparedForm(owned: derived, by: owner)
                    == ComparedForm(owned: override.thisAndFuture(false), by: owner)
            {
                continue
            }
            form.feed(&digest)
        }
        description = "\"" + digest.text + "\""
    }
}
