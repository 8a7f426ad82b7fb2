import ICalendar
import Store
import WebDAV

/// Finds the objects of one calendar that match a filter.
struct CalendarSearch {
    /// Nil matches all.
    let filter: CompFilter?
    let container: ContainerView
    /// The zone of times that have none.
    let zone: FloatingZone
    let services: CalendarServices
    let context: Context

    /// Whether an item matches; one that cannot be read matches no filter.
    func matches(_ item: Item) -> Bool {
        guard let filter else { return true }
        switch filter.verdict(on: services.summary(of: item, in: container, context)) {
        case .matches: return true
        case .differs: return false
        case .unknown: break
        }
        guard let calendar = services.storedObject(item, in: container, context) else { return false }
        return filter.matches(ObjectTimes(calendar, zone: zone, services))
    }
}

extension CompFilter {
    /// What can be said of an object by its summary alone.
    enum Verdict {
        case matches
        case differs
        case unknown
    }

    /// What can be said of an object by its summary alone.
    func verdict(on summary: ObjectSummary) -> Verdict {
        guard summary.isReadable else { return .differs }
        guard let component = summary.component, !summary.isMixed, timeRange == nil, properties.isEmpty else {
            return .unknown
        }
        var verdict = Verdict.matches
        for filter in components {
            guard !filter.isNotDefined else {
                if filter.name == component { return .differs }
                verdict = .unknown
                continue
            }
            guard filter.name != "VTIMEZONE" else {
                verdict = .unknown
                continue
            }
            if filter.name != component { return .differs }
            if let range = filter.timeRange {
                switch summary.span.verdict(on: range) {
                case .differs: return .differs
                case .matches: break
                case .unknown: verdict = .unknown
                }
            }
            if !filter.properties.isEmpty || !filter.components.isEmpty { verdict = .unknown }
        }
        return verdict
    }
}
