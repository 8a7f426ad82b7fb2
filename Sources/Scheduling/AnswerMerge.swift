public import ICalendar

extension SchedulingSession {
    /// What a client wants to store, with the answers that came in since it looked (RFC 6638 §3.2.10.1).
    ///
    /// Answers to single instances, which the server has noted in overrides of their own, are kept too.
    public func merge(
        _ new: CalendarObject, withAnswersIn old: CalendarObject, owner: Set<CalendarUserAddress>
    ) -> CalendarObject {
        let before = series(old)
        let after = series(new)
        let merged = new.mapComponents { component in
            guard let known = before.counterpart(of: component, in: after) else { return }
            component.takeAnswers(from: known, except: owner)
        }
        let missing = old.overrides.filter { override in
            guard let id = before.id(of: override), after.override(at: id) == nil,
                let derived = before.derived(at: id),
                ComparedForm(owned: derived, by: owner)
                    == ComparedForm(owned: override.thisAndFuture(false), by: owner)
            else { return false }
            return after.hasInstance(at: id)
        }.compactMap { override -> Component? in
            guard let id = before.id(of: override), var kept = after.derived(at: id) else { return nil }
            kept.takeAnswers(from: override, except: owner)
            return override.isThisAndFuture ? kept.thisAndFuture() : kept
        }
        guard !missing.isEmpty else { return merged }
        return merged.with(merged.components + missing) ?? merged
    }
}
