/// What clocks show in some region, at all times: the offsets from UTC and when they change (RFC 5545 §3.6.5).
///
/// It comes from a `VTIMEZONE`, from a TZif file (RFC 8536), or is one fixed offset. Changes without end are
/// worked out for the years that are asked for, and kept.
public final class TimeZoneDefinition {
    /// A change of the offset.
    struct Onset: Hashable {
        /// When it takes effect, in seconds since 1970-01-01T00:00:00Z.
        let at: Int
        /// The offset from then on, in seconds to the east.
        let offset: Int
        /// Whether it is daylight saving time from then on, as far as that is told.
        var isDaylight = false
    }

    /// Where the changes after the listed ones come from.
    enum Rules {
        case none
        case posix(POSIXTimeZone, after: Int)
        case observances([ObservanceRule])
    }

    /// The name it was defined with.
    public let tzid: String
    /// The offset before the first change.
    let initialOffset: Int
    /// The changes that are listed, in order.
    let onsets: [Onset]
    /// Where later changes come from.
    let rules: Rules
    /// No rule gives an onset before this year.
    private let firstYear: Int
    private var onsetsOfYear: [Int: [Onset]] = [:]
    private var current = (from: Int.max, until: Int.min, offset: 0)

    /// Makes a zone of listed changes, sorted here, and of rules for further ones.
    init(tzid: String, initialOffset: Int, onsets: [Onset], rules: Rules) {
        self.tzid = tzid
        self.initialOffset = initialOffset
        self.onsets = onsets.sorted { $0.at < $1.at }
        self.rules = rules
        switch rules {
        case .none: firstYear = Int.max
        case .posix(_, let after): firstYear = after == Int.min ? -400 : Self.year(at: after)
        case .observances(let rules): firstYear = rules.map(\.start.date.year).min() ?? Int.max
        }
    }

    /// Makes a zone whose offset never changes, in seconds to the east of Greenwich.
    public convenience init(tzid: String, offset: Int) {
        self.init(tzid: tzid, initialOffset: offset, onsets: [], rules: .none)
    }

    /// A zone for UTC.
    public static var utc: TimeZoneDefinition { TimeZoneDefinition(tzid: "UTC", offset: 0) }

    /// Seconds to add to UTC to get local time.
    ///
    /// Before the first change known it is the offset from which that change led away.
    public func offset(at instant: Instant) -> Int { offset(at: Int(instant.secondsSinceEpoch)) }

    /// What clocks show at `instant`.
    public func local(at instant: Instant) -> CivilDateTime {
        let seconds = Int(instant.secondsSinceEpoch)
        return CivilDateTime(secondsSinceEpoch: seconds + offset(at: seconds))
    }

    /// The instant at which clocks show `local` (RFC 5545 §3.3.5).
    ///
    /// A time that is shown twice means the first time; a time that is passed over is counted with the offset
    /// before the gap.
    public func instant(ofLocal local: CivilDateTime) -> Instant {
        let seconds = local.secondsSinceEpoch
        // An offset in force before any change that could touch this local time.
        let early = offset(at: seconds - 86400)
        var result = seconds - early
        let there = offset(at: result)
        // There was a change in between; if `there` does not hold either, the local time lies in its gap.
        if there != early, offset(at: seconds - there) == there { result = seconds - there }
        return Instant(secondsSinceEpoch: Int64(result))
    }

    private func offset(at time: Int) -> Int {
        if time >= current.from && time < current.until { return current.offset }
        var low = 0
        var high = onsets.count
        while low < high {
            let middle = (low + high) / 2
            if onsets[middle].at <= time { low = middle + 1 } else { high = middle }
        }
        var last = low > 0 ? onsets[low - 1] : nil
        var until = low < onsets.count ? onsets[low].at : Int.max
        let year = Self.year(at: time)
        if year >= firstYear - 1 {
            if let ruled = lastRuledOnset(upTo: time, year), ruled.at >= last?.at ?? Int.min { last = ruled }
            until = min(until, nextRuledOnset(after: time, year))
        }
        current = (last?.at ?? Int.min, until, last?.offset ?? initialOffset)
        return current.offset
    }

    /// The last change rules give up to `time`, which lies in `year`.
    ///
    /// A change belongs to the year local clocks show, which may already be the next one.
    private func lastRuledOnset(upTo time: Int, _ year: Int) -> Onset? {
        var candidate = year + 1
        while candidate >= firstYear && candidate > year - 400 {
            if let onset = ruledOnsets(in: candidate).last(where: { $0.at <= time }) { return onset }
            candidate -= 1
        }
        return nil
    }

    /// When rules give the next change after `time`; or some time before that.
    private func nextRuledOnset(after time: Int, _ year: Int) -> Int {
        for candidate in year - 1...year + 1 {
            if let onset = ruledOnsets(in: candidate).first(where: { $0.at > time }) { return onset.at }
        }
        return CivilDate(uncheckedYear: year + 1, month: 1, day: 1).daysSinceEpoch * 86400
    }

    private func ruledOnsets(in year: Int) -> [Onset] {
        if let known = onsetsOfYear[year] { return known }
        let found: [Onset]
        switch rules {
        case .none: found = []
        case .posix(let zone, let after): found = zone.onsets(in: year).filter { $0.at > after }
        case .observances(let rules):
            found = rules.flatMap { $0.onsets(in: year) }.sorted { $0.at < $1.at }
        }
        onsetsOfYear[year] = found
        return found
    }

    static func year(at time: Int) -> Int {
        CivilDateTime(secondsSinceEpoch: time).date.year
    }
}
