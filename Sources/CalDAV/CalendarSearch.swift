import ICalendar
import Store
import WebDAV

/// Finds the objects of one calendar that match a filter.
struct CalendarSearch {
    private let filter: CompFilter?
    private let container: ContainerView
    private let services: CalendarServices
    private let context: Context

    /// Prepares a search in one calendar; only one search may go on at a time.
    ///
    /// - Parameters:
    ///   - filter: what is looked for; nil for all objects.
    ///   - container: the calendar.
    ///   - zone: the zone of times that have none; that of the calendar when nil.
    ///   - services: the services.
    ///   - context: the context.
    init(
        _ filter: CompFilter?, in container: ContainerView, zone: TimeZoneDefinition?,
        _ services: CalendarServices, _ context: Context
    ) {
        self.filter = filter
        self.container = container
        self.services = services
        self.context = context
        services.zones.defaultZone = zone ?? services.floatingZone(of: container)
    }

    /// Whether an item matches; one that cannot be read matches no filter.
    func matches(_ item: Item) -> Bool {
        guard let filter else { return true }
        switch filter.verdict(on: services.summary(of: item, in: container, context)) {
        case .matches: return true
        case .differs: return false
        case .unknown: break
        }
        guard let calendar = services.storedObject(item, in: container, context) else { return false }
        return filter.matches(
            ObjectTimes(calendar, zones: services.zones, limits: services.recurrenceLimits(context)))
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
            guard filter.name != "VTIMEZONE" else {
                verdict = .unknown
                continue
            }
            guard filter.name == component else {
                if filter.isNotDefined { continue }
                return .differs
            }
            if filter.isNotDefined { return .differs }
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
