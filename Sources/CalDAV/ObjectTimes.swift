import ContentLine
import ICalendar

/// When a calendar object is, worked out only as far as a filter asks (RFC 4791 §9.9).
struct ObjectTimes {
    let calendar: Component
    init(_ calendar: Component, zone: FloatingZone, _ services: CalendarServices) {
        self.calendar = calendar
    }
    func overlapping(_ range: TimeRange) -> Set<Int> { Set(calendar.components.indices) }
    func overlaps(_ component: Component, in parent: Component, _ range: TimeRange) -> Bool { true }
    func effectiveEnd(_ name: String, of component: Component) -> Instant? { nil }
    func instant(of property: ContentLine) -> Instant? { nil }
}
