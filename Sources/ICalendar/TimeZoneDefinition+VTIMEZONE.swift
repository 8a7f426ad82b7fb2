internal import ContentLine

extension TimeZoneDefinition {
    /// More than a zone has had changes of its rules; those after them are not looked at.
    private static let maxObservances = 1000

    /// Reads a `VTIMEZONE` (RFC 5545 §3.6.5).
    ///
    /// Observances without `DTSTART`, `TZOFFSETFROM` or `TZOFFSETTO` are passed over; nil when none is left or
    /// there is no `TZID`.
    public convenience init?(_ component: Component) {
        guard let tzid = component.property("TZID")?.value.utf8.trimmed, !tzid.isEmpty else { return nil }
        var onsets: [Onset] = []
        var rules: [ObservanceRule] = []
        var earliest = (at: Int.max, offset: 0)
        for part in component.components.prefix(Self.maxObservances)
        where part.isNamed("STANDARD") || part.isNamed("DAYLIGHT") {
            guard let observance = Observance(part) else { continue }
            onsets += observance.onsets
            rules += observance.rules
            for onset in observance.onsets where onset.at < earliest.at {
                earliest = (onset.at, observance.offsetFrom)
            }
        }
        guard !onsets.isEmpty else { return nil }
        self.init(
            tzid: String(Substring(tzid)), initialOffset: earliest.offset, onsets: onsets,
            rules: rules.isEmpty ? .none : .observances(rules))
    }
}

/// A `STANDARD` or `DAYLIGHT` part of a `VTIMEZONE` (RFC 5545 §3.6.5).
private struct Observance {
    typealias Onset = TimeZoneDefinition.Onset

    /// The offset `TZOFFSETFROM`, in which the local times of onsets are given.
    let offsetFrom: Int
    /// `DTSTART`, each `RDATE`, and what rules that end soon give.
    var onsets: [Onset] = []
    var rules: [ObservanceRule] = []

    /// Onsets a rule may give to be worked out at once.
    private static let mostOnsetsAtOnce = 300

    init?(_ component: Component) {
        guard let start = component.property("DTSTART").flatMap({ DateTimeValue($0) }),
            let from = component.property("TZOFFSETFROM").flatMap({ UTCOffset($0.trimmedValue) }),
            let to = component.property("TZOFFSETTO").flatMap({ UTCOffset($0.trimmedValue) })
        else { return nil }
        offsetFrom = from.seconds
        onsets.append(Onset(at: start.local.secondsSinceEpoch - offsetFrom, offset: to.seconds))
        for date in component.properties("RDATE").flatMap({ RecurrenceDate.list($0) ?? [] }) {
            let isUTC = if case .utc = date.start { true } else { false }
            let local = date.start.local.secondsSinceEpoch
            onsets.append(Onset(at: isUTC ? local : local - offsetFrom, offset: to.seconds))
        }
        for line in component.properties("RRULE") {
            guard let recurrence = Self.recurrence(line) else { continue }
            let rule = ObservanceRule(
                rule: recurrence, start: start.local, offsetFrom: offsetFrom, offsetTo: to.seconds)
            let some = recurrence.isInfinite ? [] : rule.first(Self.mostOnsetsAtOnce)
            if recurrence.isInfinite || some.count == Self.mostOnsetsAtOnce {
                rules.append(rule)
            } else {
                onsets += some
            }
        }
    }

    /// The rule, or nil when it cannot be read: the observance then begins once.
    private static func recurrence(_ line: ContentLine) -> RecurrenceRule? {
        do { return try RecurrenceRule(line) } catch { return nil }
    }
}

/// A rule that gives the onsets of an observance (RFC 5545 §3.6.5).
struct ObservanceRule {
    let rule: RecurrenceRule
    /// The first onset, in local time.
    let start: CivilDateTime
    let offsetFrom: Int
    let offsetTo: Int

    /// The onsets in a year, by the local clock.
    func onsets(in year: Int) -> [TimeZoneDefinition.Onset] {
        let first = CivilDateTime(CivilDate(uncheckedYear: year, month: 1, day: 1))
        let end = CivilDateTime(CivilDate(uncheckedYear: year + 1, month: 1, day: 1))
        return onsets(of: RecurrenceExpansion(rule, start: start, until: until, notBefore: first)) {
            $0 < end
        }
    }

    /// The first onsets of all, up to `count`.
    func first(_ count: Int) -> [TimeZoneDefinition.Onset] {
        var left = count
        return onsets(of: RecurrenceExpansion(rule, start: start, until: until)) { _ in
            left -= 1
            return left >= 0
        }
    }

    private func onsets(
        of expansion: RecurrenceExpansion, while isWanted: (CivilDateTime) -> Bool
    ) -> [TimeZoneDefinition.Onset] {
        var expansion = expansion
        var onsets: [TimeZoneDefinition.Onset] = []
        // A rule by the hour or less would have changes without number.
        while let time = expansion.next(), isWanted(time), onsets.count < 1000 {
            onsets.append(.init(at: time.secondsSinceEpoch - offsetFrom, offset: offsetTo))
        }
        return onsets
    }

    /// RFC 5545 §3.3.10: UNTIL is in UTC here; local times are tolerated.
    private var until: CivilDateTime? {
        switch rule.until {
        case .utc(let end)?: end.adding(seconds: offsetFrom)
        case .date(let date)?: CivilDateTime(date).adding(seconds: 86399)
        case .floating(let end)?, .zoned(let end, _)?: end
        case nil: nil
        }
    }
}
