internal import ContentLine
internal import ICalendar

/// What of an object one attendee is told: only the instances that they are invited to (RFC 6638 §3.2.6).
struct AttendeeView {
    /// The master, without the instances from which the attendee is left out; nil when not invited to the whole.
    let master: Component?
    private let part: InvitedPart?
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
        part = InvitedPart(of: series, invites)
        master = part?.master?.shared
        let merged = master == nil ? nil : part?.merged
        overrides = series.object.overrides.filter { override in
            invites(override) && (merged == nil || series.id(of: override) != merged)
        }.map(\.shared)
    }

    /// The instance from which on the attendee is left out, nil when there is none.
    var end: Instant? { part?.end }

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
    var comparedMaster: ComparedForm? { master == nil ? nil : part?.whole.comparedWithoutExclusions() }

    /// The component for the instance at `id`, nil when the attendee is not invited to it.
    func instance(at id: Instant) -> Component? {
        if let override = override(at: id) { return override }
        guard master != nil, end.map({ id < $0 }) ?? true, part?.start.map({ id >= $0 }) ?? true,
            !excluded.contains(id), series.hasInstance(at: id)
        else { return nil }
        if id == part?.merged { return series.override(at: id)?.thisAndFuture(false).shared }
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
