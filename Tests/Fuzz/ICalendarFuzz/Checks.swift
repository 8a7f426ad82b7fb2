import ContentLine
import FuzzDriver
import ICalendar

let limits = RecurrenceLimits(maxInstances: 200, maxSteps: 2000)
let narrow = range("20260301T000000Z", "20260402T123456Z")
let wide = range("20251201T000000Z", "20260701T000000Z")

func checkValues(of component: Component) {
    for property in component.properties {
        if property.isNamed("RRULE") { checkRule(property) }
        if let value = DateTimeValue(property) {
            require(DateTimeValue(value.property("DTSTART")) == value, "a time reads differently: \(value)")
        }
    }
    for child in component.components { checkValues(of: child) }
}

func checkRule(_ property: ContentLine) {
    guard let rule = try? RecurrenceRule(property) else { return }
    let printed = rule.description
    guard let again = try? RecurrenceRule(printed.utf8) else {
        return require(false, "a rule does not read again: \(printed)")
    }
    require(again == rule, "a rule reads differently: \(printed)")
}

func range(_ start: String, _ end: String) -> TimeRange {
    TimeRange(start: Instant(start.utf8), end: Instant(end.utf8))
}

func checkInstances(of calendar: Component) {
    let zones = ZoneResolver { _ in nil }
    let set = RecurrenceSet(calendar, zones: zones, limits: limits)
    let (found, foundAll) = allInstances(of: set, in: narrow)
    let (all, allFound) = allInstances(of: set, in: wide)
    _ = set.span()
    for instance in found {
        require(instance.start <= instance.end, "an instance ends before it starts: \(instance)")
        guard let start = narrow.start, let end = narrow.end else { return }
        require(
            instance.start <= end && instance.end >= start, "an instance is not in the range: \(instance)")
    }
    if foundAll, allFound {
        require(found.isSubset(of: all), "the wider range lacks \(found.subtracting(all))")
        let missed = all.subtracting(found).filter {
            calendar.components[$0.componentIndex].isNamed("VEVENT") && overlapsNarrow($0)
        }
        require(missed.isEmpty, "the narrower range lacks \(missed)")
    }
    _ = try? calendar.expanded(in: narrow, zones: zones, limits: limits)
    var busy = FreeBusy(
        start: Instant(secondsSinceEpoch: 1_772_000_000), end: Instant(secondsSinceEpoch: 1_773_000_000))
    if (try? busy.add(calendar, zones: zones, limits: limits)) != nil { _ = busy.properties }
}

/// The instances in a range, and whether these are all.
func allInstances(of set: RecurrenceSet, in range: TimeRange) -> (Set<Instance>, isComplete: Bool) {
    var sequence = set.instances(overlapping: range)
    var found: Set<Instance> = []
    while let instance = sequence.next() { found.insert(instance) }
    return (found, !sequence.isTruncated)
}

/// Whether some time of the instance lies within the narrow range (RFC 4791 §9.9, events).
func overlapsNarrow(_ instance: Instance) -> Bool {
    guard let start = narrow.start, let end = narrow.end else { return false }
    return instance.start < instance.end && instance.start < end && instance.end > start
}

func checkZone(_ bytes: [UInt8]) {
    guard let zone = try? TimeZoneDefinition(tzid: "Fuzz", tzif: bytes) else { return }
    for seconds in stride(from: Int64(-4_000_000_000), to: 8_000_000_000, by: 500_000_000) {
        let instant = Instant(secondsSinceEpoch: seconds)
        _ = zone.instant(ofLocal: zone.local(at: instant))
    }
}
