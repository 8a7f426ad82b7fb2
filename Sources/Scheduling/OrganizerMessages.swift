internal import ContentLine
internal import ICalendar

/// The messages that one attendee gets when the organizer's object changes (RFC 6638 §3.2.1).
struct OrganizerMessages {
    let attendee: CalendarUserAddress
    let session: SchedulingSession
    let old: ObjectSeries?
    let new: ObjectSeries?
    /// Whether the client wants a REQUEST whatever changed (RFC 6638 §7.2).
    let isForced: Bool

    /// The messages in the order in which they are to be sent.
    ///
    /// Of an instance that is new to the attendee they are told by a REQUEST with its `RECURRENCE-ID`, or by the whole when it
    /// follows from it. RFC 6638 §3.2.1.2 would allow an ADD too; but not all programs take one, a recipient who has lost
    /// the object has to ask for it again (RFC 5546 §3.2.4), and an ADD cannot change an instance when it comes twice.
    func messages() -> [ITIPMessage] {
        let before = old.map { AttendeeView($0, for: [attendee]) }
        let after = new.map { AttendeeView($0, for: [attendee]) }
        switch (before.flatMap { $0.isEmpty ? nil : $0 }, after.flatMap { $0.isEmpty ? nil : $0 }) {
        case (nil, nil): return []
        case (nil, let after?):
            // What was cancelled before anybody was told of it needs no telling.
            return after.isCancelled ? [] : request(after.components)
        case (let before?, nil): return cancel(before)
        case (let before?, let after?): return update(from: before, to: after)
        }
    }

    /// The attendee is invited to nothing any more, or there is nothing any more.
    private func cancel(_ before: AttendeeView) -> [ITIPMessage] {
        guard !before.isCancelled else { return [] }
        if let master = before.master {
            return [cancellation([master], of: old)].compactMap { $0 }
        }
        return [cancellation(before.overrides.filter { !$0.isCancelled }, of: old)].compactMap { $0 }
    }

    private func update(from before: AttendeeView, to after: AttendeeView) -> [ITIPMessage] {
        if isForced, !after.isCancelled { return request(after.components) }
        if after.isCancelled {
            guard !before.isCancelled else { return [] }
            let gone = after.master.map { [$0] } ?? after.overrides
            return [cancellation(gone, of: new)].compactMap { $0 }
        }
        if before.master != nil, after.master == nil {
            // No longer invited to the whole, but still to some instances.
            return cancel(before) + request(after.overrides)
        }
        let removed = removedInstances(from: before, to: after)
        var gone = removed.compactMap { id in
            // RFC 5546 §3.2.5: one component an instance.
            after.override(at: id) ?? before.instance(at: id)
        }
        if let end = after.end, before.end.map({ end < $0 }) ?? true, let first = before.instance(at: end) {
            // RFC 5546 §3.2.5: one component for an instance and all later ones.
            gone.append(first.thisAndFuture())
        }
        let cancelled = cancellation(gone, of: old)
        let changed = changedOverrides(from: before, to: after, removed: removed)
        guard let changed else {
            return request(after.components)
        }
        return [cancelled].compactMap { $0 } + request(changed)
    }

    /// The instances of which the attendee knows, and that are no more or are cancelled now.
    private func removedInstances(from before: AttendeeView, to after: AttendeeView) -> [Instant] {
        var ids: [Instant] = []
        if before.master != nil, after.master != nil {
            ids += after.excluded.subtracting(before.excluded).sorted()
        } else {
            ids += before.overrides.compactMap(before.id).filter { after.instance(at: $0) == nil }
        }
        ids += after.overrides.filter(\.isCancelled).compactMap(after.id)
        return ids.filter { id in
            guard !(before.override(at: id)?.isCancelled ?? false) else { return false }
            return before.instance(at: id) != nil
        }
    }

    /// The overrides to send; nil when the whole has to be sent.
    private func changedOverrides(
        from before: AttendeeView, to after: AttendeeView, removed: [Instant]
    ) -> [Component]? {
        let gone = Set(removed)
        if before.master != nil || after.master != nil {
            guard let was = before.master, let now = after.master,
                before.comparedMaster == after.comparedMaster,
                // An instance that is back has to be told with the whole.
                before.excluded.isSubset(of: after.excluded), !isInvitedAnew(was, now),
                before.end.map({ end in after.end.map { $0 <= end } ?? false }) ?? true
            else { return nil }
        }
        // So has an instance that is again as the rule has it.
        let reverted = before.overrides.compactMap(before.id).contains { id in
            guard !gone.contains(id), after.override(at: id) == nil, let was = before.override(at: id),
                let now = after.instance(at: id)
            else { return false }
            return ComparedForm(shared: was) != ComparedForm(shared: now)
        }
        guard !reverted else { return nil }
        return after.overrides.filter { override in
            guard let id = after.id(of: override), !gone.contains(id), !override.isCancelled else {
                return false
            }
            guard let was = before.instance(at: id) else { return true }
            return ComparedForm(shared: was) != ComparedForm(shared: override) || isInvitedAnew(was, override)
        }
    }

    /// Whether the organizer took back what the attendee had answered.
    private func isInvitedAnew(_ was: Component, _ now: Component) -> Bool {
        guard let before = was.attendeeLine([attendee])?.partStat, before != "NEEDS-ACTION" else {
            return false
        }
        return now.attendeeLine([attendee])?.partStat == "NEEDS-ACTION"
    }

    private func request(_ components: [Component]) -> [ITIPMessage] {
        guard let new else { return [] }
        return [session.message(.request, components, from: new.object)].compactMap { $0 }
    }

    /// RFC 5546 §3.2.5: what is cancelled, with enough of it for people to know what it was.
    private func cancellation(_ components: [Component], of source: ObjectSeries?) -> ITIPMessage? {
        guard let source else { return nil }
        let isGone = new == nil || (new?.object.components.allSatisfy(\.isCancelled) ?? false)
        let sequence = new?.object.components.map(\.sequence).max() ?? 0
        let cancelled = components.map { component in
            var copy = component
            copy.setProperty(ContentLine(name: "STATUS", value: "CANCELLED"))
            // RFC 5546 §3.2.5: a higher number when all of it is cancelled; attendees who are only removed may be
            // invited again under the number that there is.
            let number = new == nil ? component.sequence + 1 : max(component.sequence, sequence)
            copy.setProperty(ContentLine(name: "SEQUENCE", value: String(number)))
            copy.components = []
            for name in ["RRULE", "RDATE", "EXDATE"] where component.recurrenceID != nil {
                copy.removeProperties(name)
            }
            if !isGone {
                let others = copy.attendeeLines.filter { CalendarUserAddress($0.value) != attendee }
                let own = copy.attendeeLines.filter { CalendarUserAddress($0.value) == attendee }
                if !others.isEmpty {
                    copy.removeProperties("ATTENDEE")
                    copy.properties += own
                }
            }
            return copy
        }
        return session.message(.cancel, cancelled, from: source.object)
    }
}
