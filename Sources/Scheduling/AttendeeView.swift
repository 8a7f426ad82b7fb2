internal import ContentLine
internal import ICalendar

/// What of an object one attendee is told: only the instances that they are invited to (RFC 6638 §3.2.6).
struct AttendeeView {
    /// The master, without the instances from which the attendee is left out; nil when not invited to the whole.
    private(set) var master: Component?
    /// The instance from which on the attendee is left out, nil when there is none.
    private(set) var end: Instant?
    /// The master as if it did not end there.
    private var whole: Component?
    /// The overrides that they are invited to.
    let overrides: [Component]
    private let series: ObjectSeries

    /// The view of the attendee with one of the addresses.
    ///
    /// `agent` says which agents count: for messages that are to be sent, only the server.
    init(_ series: ObjectSeries, for attendee: Set<CalendarUserAddress>, anyAgent: Bool = false) {
        func invites(_ component: Component) -> Bool {
            component.attendeeLine(attendee).map { anyAgent || $0.scheduleAgent == .server } ?? false
        }
        self.series = series
        let others = series.object.overrides.filter { !invites($0) }
        self.overrides = series.object.overrides.filter(invites).map(\.shared)
        if var master = series.master, invites(master) {
            for other in others where !other.isThisAndFuture {
                if let id = series.id(of: other) { master.exclude(id, series.zones) }
            }
            whole = master.shared
            self.master = whole
            end = others.filter(\.isThisAndFuture).compactMap(series.id).min()
            if let end { self.master = master.end(before: end, series.zones) ? master.shared : nil }
        }
    }

    var components: [Component] { (master.map { [$0] } ?? []) + overrides }

    /// Whether there is anything to tell.
    var isEmpty: Bool { master == nil && overrides.isEmpty }

    /// Whether nothing of it takes place.
    var isCancelled: Bool { components.allSatisfy(\.isCancelled) }

    func id(of component: Component) -> Instant? { series.id(of: component) }

    func override(at id: Instant) -> Component? { overrides.first { self.id(of: $0) == id } }

    /// The instances that are taken out of the master.
    var excluded: Set<Instant> { Set((master?.excludedDates ?? []).map(series.zones.instant)) }

    /// The master in the form that is compared, but for its exclusions and where it ends for the attendee.
    var comparedMaster: ComparedForm? { master == nil ? nil : whole?.comparedWithoutExclusions() }

    /// The component for the instance at `id`, nil when the attendee is not invited to it.
    func instance(at id: Instant) -> Component? {
        if let override = override(at: id) { return override }
        guard master != nil, end.map({ id < $0 }) ?? true, !excluded.contains(id),
            series.hasInstance(at: id)
        else { return nil }
        return series.derived(at: id)?.shared
    }
}

extension Component {
    /// The form that is compared, with instants taken out being a set however they are written.
    func comparedWithoutExclusions() -> ComparedForm {
        var copy = self
        copy.removeProperties("EXDATE")
        return ComparedForm(shared: copy)
    }
}
