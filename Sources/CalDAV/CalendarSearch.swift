import ICalendar
import Index
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

    /// The items that match, in byte order of their names; one that cannot be read matches no filter.
    func matches() throws(DAVError) -> Items {
        let snapshot = try container.snapshot()
        guard let filter else { return snapshot.items }
        let view = services.view(of: container, at: snapshot, context)
        let range = filter.searchedRange
        let places = range.map { view.places(touching: $0.bounds.from, $0.bounds.to) } ?? view.places
        var found: [RecordView.Place] = []
        view.forEachRecord(at: places) { place, record in
            if matches(filter, place, record, in: view) { found.append(place) }
        }
        return view.items(at: found)
    }

    /// Whether an item matches.
    func matches(_ item: Item) throws(DAVError) -> Bool {
        guard let filter else { return true }
        let view = services.view(of: container, at: try container.snapshot(), context)
        guard let place = view.place(named: item.name) else { return false }
        var isMatch = false
        view.withRecord(at: place) { isMatch = matches(filter, place, $0, in: view) }
        return isMatch
    }

    /// Whether the item at a place of the view matches.
    private func matches(
        _ filter: CompFilter, _ place: RecordView.Place, _ record: Span<UInt8>, in view: RecordView
    ) -> Bool {
        switch filter.answer(on: record) {
        case .yes: return true
        case .no: return false
        case .unknown: break
        }
        let object = services.storedObject(view.item(at: place), in: container, context)
        return object.map { filter.matches(ObjectTimes($0)) } ?? false
    }
}

extension CompFilter {
    /// The time outside of which no object matches, nil when the filter has none.
    fileprivate var searchedRange: TimeRange? {
        components.lazy.compactMap(\.timeRange).first
    }

    /// What can be said of an object by its record alone.
    func answer(on bytes: Span<UInt8>) -> RecordAnswer {
        let record = ObjectRecord(bytes)
        guard record.isReadable else { return .no }
        guard !record.component.isEmpty, !record.isMixed, !isNotDefined, timeRange == nil, properties.isEmpty
        else { return .unknown }
        var answer = RecordAnswer.yes
        for index in components.indices where answer != .no {
            answer = answer.and(components[index].memberAnswer(on: record, bytes))
        }
        return answer
    }

    /// What can be said of the components of an object by its record.
    private func memberAnswer(on record: ObjectRecord, _ bytes: Span<UInt8>) -> RecordAnswer {
        guard name != "VTIMEZONE" else { return .unknown }
        let upperCaseName = name
        guard bytes.isEqual(record.component, to: upperCaseName.utf8.span) else {
            return isNotDefined ? .yes : .no
        }
        guard !isNotDefined else { return .no }
        let times = timeRange.map { record.answer(on: $0, in: bytes) } ?? .yes
        guard times != .no, !properties.isEmpty || !components.isEmpty else { return times }
        var meets = record.isComplete ? RecordAnswer.no : .unknown
        var members = record.members
        while meets != .yes, let member = members.next(in: bytes) {
            meets = meets.or(
                member.answer(to: properties, in: bytes).and(components.isEmpty ? .yes : .unknown))
        }
        return times.and(meets)
    }
}

extension ObjectRecord {
    /// Whether the object overlaps `range`, as far as that can be told (RFC 4791 §9.9).
    func answer(on range: TimeRange, in record: Span<UInt8>) -> RecordAnswer {
        let (span, series) = times(in: record)
        let answer = span.answer(on: range)
        guard answer == .unknown, let series else { return answer }
        let (from, to) = range.bounds
        return series.answer(from: from, to: to, in: record)
    }
}
