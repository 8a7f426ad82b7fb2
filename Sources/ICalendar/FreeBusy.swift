public import ContentLine

/// Gathers when calendar objects take up time, for a free-busy report (RFC 4791 §7.10).
public struct FreeBusy {
    /// How time is taken up (RFC 5545 §3.2.9).
    public enum BusyType: String, CaseIterable, Sendable {
        /// By an event.
        case busy = "BUSY"
        /// By something else than an event, such as a holiday.
        case busyUnavailable = "BUSY-UNAVAILABLE"
        /// By an event that may not take place.
        case busyTentative = "BUSY-TENTATIVE"
    }

    /// A time taken up.
    public struct BusyPeriod: Hashable, Sendable {
        /// How it is taken up.
        public let type: BusyType
        /// Where it starts.
        public let start: Instant
        /// Where it ends, after its start.
        public let end: Instant

        /// Makes a time taken up.
        public init(type: BusyType, start: Instant, end: Instant) {
            self.type = type
            self.start = start
            self.end = end
        }
    }

    /// The range that is looked at.
    public let start: Instant
    /// The end of the range.
    public let end: Instant
    private var gathered: [BusyPeriod] = []

    /// Starts gathering for the range `[start, end)`.
    public init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    /// Adds what the events and the `VFREEBUSY` components of a calendar take up (RFC 4791 §7.10).
    ///
    /// Whole days are those of the resolver's default zone.
    ///
    /// - Throws: `RecurrenceLimitExceeded`.
    public mutating func add(
        _ calendar: Component, zones: ZoneResolver, limits: RecurrenceLimits = RecurrenceLimits()
    ) throws(RecurrenceLimitExceeded) {
        try add(RecurrenceSet(calendar, zones: zones, limits: limits))
    }

    /// Adds what a calendar takes up, whose components were gathered before.
    ///
    /// - Throws: `RecurrenceLimitExceeded`.
    public mutating func add(_ set: RecurrenceSet) throws(RecurrenceLimitExceeded) {
        for component in set.components where component.isNamed("VFREEBUSY") {
            for line in component.properties("FREEBUSY") { add(line, zones: set.zones) }
        }
        guard set.components.contains(where: { $0.isNamed("VEVENT") }) else { return }
        var instances = set.instances(overlapping: TimeRange(start: start, end: end))
        while let instance = instances.next() {
            let component = set.components[instance.componentIndex]
            guard component.isNamed("VEVENT"), let type = component.busyType else { continue }
            add(type, from: instance.start, to: instance.end)
        }
        guard !instances.isTruncated else { throw RecurrenceLimitExceeded() }
    }

    /// Adds a time that is taken up by something that is not in a calendar.
    public mutating func add(_ period: BusyPeriod) {
        add(period.type, from: period.start, to: period.end)
    }

    /// The times taken up within the range, in order; those of one type neither overlap nor touch.
    public var periods: [BusyPeriod] {
        var merged: [BusyPeriod] = []
        for type in BusyType.allCases {
            var last: BusyPeriod?
            for period in gathered.filter({ $0.type == type }).sorted(by: { $0.start < $1.start }) {
                if let open = last, period.start <= open.end {
                    last = BusyPeriod(type: type, start: open.start, end: max(open.end, period.end))
                } else {
                    if let last { merged.append(last) }
                    last = period
                }
            }
            if let last { merged.append(last) }
        }
        return merged.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    }

    /// The properties `FREEBUSY`, one for each period (RFC 5545 §3.8.2.6).
    public var properties: [ContentLine] {
        periods.map { period in
            let type = Parameter(name: "FBTYPE", values: [period.type.rawValue])
            return ContentLine(
                name: "FREEBUSY", parameters: period.type == .busy ? [] : [type],
                value: "\(period.start)/\(period.end)")
        }
    }

    /// The `VFREEBUSY` with what was gathered (RFC 4791 §7.10).
    ///
    /// RFC 5545 §3.6.4 asks for a UID; `stamp` is when the answer is made.
    public func component(uid: String, stamp: Instant) -> Component {
        Component(
            name: "VFREEBUSY",
            properties: [
                ContentLine(name: "UID", text: uid), ContentLine(name: "DTSTAMP", value: stamp.description),
                ContentLine(name: "DTSTART", value: start.description),
                ContentLine(name: "DTEND", value: end.description),
            ] + properties)
    }

    /// Adds what an event takes up, as far as it lies within the range.
    public mutating func add(_ type: BusyType, from: Instant, to: Instant) {
        let clipped = (start: max(from, start), end: min(to, end))
        guard clipped.start < clipped.end else { return }
        gathered.append(BusyPeriod(type: type, start: clipped.start, end: clipped.end))
    }

    private mutating func add(_ line: ContentLine, zones: CalendarZones) {
        let name = line.parameter("FBTYPE")?.values.first ?? "BUSY"
        if name.isName("FREE") { return }
        // RFC 5545 §3.2.9: what is not known is to be taken for BUSY.
        let type = BusyType.allCases.first { name.isName($0.rawValue) } ?? .busy
        for period in Period.list(line) ?? [] {
            let span = zones.span(of: period)
            add(type, from: span.start, to: span.end)
        }
    }
}

extension Component {
    /// How an event takes up time, nil when it does not (the table of RFC 4791 §7.10).
    public var busyType: FreeBusy.BusyType? {
        if property("TRANSP")?.value.isName("TRANSPARENT") ?? false { return nil }
        guard let status = property("STATUS")?.value else { return .busy }
        if status.isName("CANCELLED") { return nil }
        return status.isName("TENTATIVE") ? .busyTentative : .busy
    }
}
