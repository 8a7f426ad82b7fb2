internal import ContentLine

/// Writes expansions of one calendar, to many ranges one after the other (RFC 4791 §9.6.5).
///
/// What it writes are the bytes of `Component.expanded`. What instances of one component have in common is written only
/// once; it stays right as long as the default zone is the same.
public final class ExpansionWriter {
    private let set: RecurrenceSet
    private let start: [UInt8]
    private let end: [UInt8]
    /// Components with RANGE=THISANDFUTURE, which have many instances of many forms.
    private let moving: Set<Int>
    /// Masters none of whose instances has a length of its own.
    private let regular: Set<Int>
    /// What is written for components of which there is one instance, or for the first one.
    private var singles: [Int: [UInt8]] = [:]
    /// The form of the others; nil for what has none.
    private var forms: [Int: InstanceForm?] = [:]

    /// Prepares for a calendar whose components were gathered; nil where components and properties are mixed, or not all
    /// components have instances.
    public init?(_ calendar: Component, _ set: RecurrenceSet) {
        let count = calendar.properties.count
        guard set.withoutStart.isEmpty, calendar.components.allSatisfy({ $0.place >= count }) else {
            return nil
        }
        self.set = set
        var bytes: [UInt8] = []
        ContentLine(name: "BEGIN", value: calendar.name).append(to: &bytes)
        for property in calendar.properties { property.append(to: &bytes) }
        self.start = bytes
        self.end = ContentLine(name: "END", value: calendar.name).bytes
        self.moving = Set(set.groups.flatMap(\.overrides).filter(\.isThisAndFuture).map(\.index))
        self.regular = Set(
            set.groups.compactMap { group in
                group.source.map(\.dates.isEmpty) ?? false ? group.master?.index : nil
            })
    }

    /// The bytes of the calendar with each instance in `range` as a component of its own.
    ///
    /// - Throws: `RecurrenceLimitExceeded`.
    public func bytes(in range: TimeRange) throws(RecurrenceLimitExceeded) -> [UInt8] {
        var bytes = start
        var instances = set.instances(overlapping: range)
        while let instance = instances.next() { append(instance, to: &bytes) }
        guard !instances.isTruncated else { throw RecurrenceLimitExceeded() }
        bytes += end
        return bytes
    }

    private func append(_ instance: Instance, to bytes: inout [UInt8]) {
        let index = instance.componentIndex
        let isSingle = instance.recurrenceID == nil || instance.isOverride || instance.isFirst
        if isSingle, !moving.contains(index) {
            if let known = singles[index] { return bytes += known }
            let made = CalendarWriter.bytes(of: rendered(instance))
            singles[index] = made
            return bytes += made
        }
        if regular.contains(index), !instance.isOverride {
            if let form = form(of: instance) { return form.append(instance, zones: set.zones, to: &bytes) }
        }
        CalendarWriter.append(rendered(instance), to: &bytes)
    }

    private func rendered(_ instance: Instance) -> Component {
        set.components[instance.componentIndex].instance(instance, zones: set.zones)
    }

    private func form(of instance: Instance) -> InstanceForm? {
        let index = instance.componentIndex
        if let known = forms[index] { return known }
        let form = InstanceForm(set.components[index], rendered(instance))
        forms[index] = .some(form)
        return form
    }
}

/// What the instances of an event but the first have in common, with the places of their times.
private struct InstanceForm {
    private enum Slot {
        case start
        case end(like: DateTimeValue)
        case recurrenceID
    }

    private var parts: [(text: [UInt8], slot: Slot)] = []
    private var rest: [UInt8] = []

    /// Works out the form of an event by one of its instances; nil where more than start, end and `RECURRENCE-ID` may
    /// differ.
    init?(_ event: Component, _ instance: Component) {
        let lasts = event.property("DURATION")
        let duration = lasts.flatMap { ICalendarDuration($0) }
        let isExact = duration.map { $0.days == 0 && !$0.isNegative } ?? (lasts == nil)
        guard event.isNamed("VEVENT"), isExact,
            instance.properties("DTSTART").count == 1, instance.properties("RECURRENCE-ID").count == 1,
            instance.properties("DTEND").count == event.properties("DTEND").count
        else { return nil }
        let end = event.property("DTEND").flatMap { DateTimeValue($0) }
        (instance.begin ?? ContentLine(name: "BEGIN", value: instance.name)).append(to: &rest)
        var inner = instance.components[...]
        for (index, property) in instance.properties.enumerated() {
            while let next = inner.first, next.place <= index {
                CalendarWriter.append(next, to: &rest)
                inner.removeFirst()
            }
            if property.isNamed("DTSTART") {
                add(.start)
            } else if property.isNamed("RECURRENCE-ID") {
                add(.recurrenceID)
            } else if property.isNamed("DTEND"), let end {
                add(.end(like: end))
            } else {
                property.append(to: &rest)
            }
        }
        for component in inner { CalendarWriter.append(component, to: &rest) }
        (instance.end ?? ContentLine(name: "END", value: instance.name)).append(to: &rest)
    }

    private mutating func add(_ slot: Slot) {
        parts.append((rest, slot))
        rest = []
    }

    func append(_ instance: Instance, zones: CalendarZones, to bytes: inout [UInt8]) {
        for (text, slot) in parts {
            bytes += text
            switch slot {
            case .start:
                zones.expanded(instance.start, like: instance.startValue).property("DTSTART").append(
                    to: &bytes)
            case .end(let model):
                zones.expanded(instance.end, like: model).property("DTEND").append(to: &bytes)
            case .recurrenceID:
                guard let id = instance.recurrenceID else { continue }
                var value = id
                if case .zoned = id { value = .utc(zones.instant(id).utc) }
                value.property("RECURRENCE-ID").append(to: &bytes)
            }
        }
        bytes += rest
    }
}
