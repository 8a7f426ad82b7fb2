internal import ContentLine

extension TimeZoneDefinition {
    /// The zone as a `VTIMEZONE` (RFC 5545 §3.6.5).
    ///
    /// Changes without end are a yearly rule each; the others are listed.
    ///
    /// - Parameters:
    ///   - tzid: what it is called in it.
    ///   - firstYear: the year from which on it has to be right; nil for all years.
    /// - Returns: the component, nil for a zone that was read from one.
    public func component(tzid: String, since firstYear: Int? = nil) -> Component? {
        var listed = onsets
        var observances: [WrittenObservance] = []
        var offset = initialOffset
        if let firstYear {
            let start = CivilDate(uncheckedYear: firstYear, month: 1, day: 1).daysSinceEpoch * 86400
            let before = listed.last { $0.at <= start }
            offset = before?.offset ?? initialOffset
            listed.removeAll { $0.at <= start }
            observances.append(
                WrittenObservance(
                    Onset(at: start - offset, offset: offset, isDaylight: before?.isDaylight ?? false),
                    from: offset))
        }
        var yearly: [Onset] = []
        switch rules {
        case .none: break
        case .observances: return nil
        case .posix(let zone, _):
            yearly = Self.takeYearly(of: zone, from: &listed, since: firstYear ?? 1970)
        }
        for onset in listed {
            let same = observances.firstIndex { $0.isRepeated(by: onset, from: offset) }
            if let same {
                observances[same].add(onset)
            } else {
                observances.append(WrittenObservance(onset, from: offset))
            }
            offset = onset.offset
        }
        if case .posix(let zone, _) = rules {
            for onset in yearly {
                observances.append(zone.written(onset, from: offset))
                offset = onset.offset
            }
        }
        if observances.isEmpty {
            observances.append(WrittenObservance(Onset(at: -offset, offset: offset), from: offset))
        }
        return Component(
            name: "VTIMEZONE", properties: [ContentLine(name: "TZID", text: tzid)],
            components: observances.map(\.component))
    }

    /// The first change of each of the two that come every year by the rule, which are taken from the listed ones.
    ///
    /// Files list many years of what the rule says as well.
    private static func takeYearly(
        of zone: POSIXTimeZone, from listed: inout [Onset], since firstYear: Int
    ) -> [Onset] {
        guard zone.daylight != nil else { return [] }
        // After what is listed, the rule counts.
        let lastListed = listed.last?.at ?? Int.min
        var year = listed.last.map { Self.year(at: $0.at) + 1 } ?? firstYear
        var first: [Onset] = []
        search: while year >= firstYear {
            for onset in zone.onsets(in: year).reversed() {
                if onset.at <= lastListed {
                    guard listed.last == onset else { break search }
                    listed.removeLast()
                }
                first = [onset] + first.prefix(1)
            }
            year -= 1
        }
        return first
    }
}

extension POSIXTimeZone {
    /// The last year for which changes are listed that no rule of iCalendar gives.
    private static let lastListedYear = 2100

    /// What gives a change, and all like it in later years.
    fileprivate func written(_ first: TimeZoneDefinition.Onset, from offset: Int) -> WrittenObservance {
        var observance = WrittenObservance(first, from: offset)
        guard let daylight else { return observance }
        observance.rule = (first.isDaylight ? daylight.start : daylight.end).recurrenceRule
        var year = TimeZoneDefinition.year(at: first.at)
        while observance.rule == nil, year <= Self.lastListedYear {
            for onset in onsets(in: year)
            where onset.isDaylight == first.isDaylight && onset.at > first.at { observance.add(onset) }
            year += 1
        }
        return observance
    }
}

extension POSIXTimeZone.Change {
    /// The rule that gives the change of each year; nil when there is no such.
    fileprivate var recurrenceRule: String? {
        guard case .weekday(let month, let week, let day) = day else { return nil }
        // RFC 8536 §3.3.1: the time may lie before or after the day.
        let moved = floorDivide(time, 86400)
        let code = Weekday.allCases[modulo(day - 1 + moved, 7)].code
        let head = "FREQ=YEARLY;BYMONTH=\(month);"
        if moved == 0 { return head + "BYDAY=\(week == 5 ? -1 : week)\(code)" }
        let first = (week == 5 ? -7 : week * 7 - 6) + moved
        let days = first...first + 6
        guard
            week == 5
                ? days.upperBound < 0 && days.lowerBound >= -28 : days.lowerBound > 0 && days.upperBound <= 28
        else { return nil }
        return head + "BYMONTHDAY=\(days.map { String($0) }.joined(separator: ","));BYDAY=\(code)"
    }
}

/// A part of a `VTIMEZONE` that is to be written: changes from one offset to another.
private struct WrittenObservance {
    let isDaylight: Bool
    let from: Int
    let to: Int
    /// When they come, in local time.
    private var times: [CivilDateTime]
    /// The rule by which they come every year.
    var rule: String?

    init(_ first: TimeZoneDefinition.Onset, from: Int) {
        self.isDaylight = first.isDaylight
        self.from = from
        self.to = first.offset
        self.times = [CivilDateTime(secondsSinceEpoch: first.at + from)]
    }

    func isRepeated(by onset: TimeZoneDefinition.Onset, from offset: Int) -> Bool {
        rule == nil && isDaylight == onset.isDaylight && from == offset && to == onset.offset
    }

    mutating func add(_ onset: TimeZoneDefinition.Onset) {
        times.append(CivilDateTime(secondsSinceEpoch: onset.at + from))
    }

    var component: Component {
        var properties = [
            ContentLine(name: "DTSTART", value: times[0].description),
            ContentLine(name: "TZOFFSETFROM", value: UTCOffset(seconds: from).description),
            ContentLine(name: "TZOFFSETTO", value: UTCOffset(seconds: to).description),
        ]
        if let rule { properties.append(ContentLine(name: "RRULE", value: rule)) }
        if times.count > 1 {
            let dates = times.dropFirst().map(\.description).joined(separator: ",")
            properties.append(ContentLine(name: "RDATE", value: dates))
        }
        return Component(name: isDaylight ? "DAYLIGHT" : "STANDARD", properties: properties)
    }
}
