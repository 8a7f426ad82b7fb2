import ContentLine
import HTTP
import ICalendar
import Scheduling
import Store
import WebDAV

/// How rooms, and whoever else wants to, answer invitations by themselves.
struct AutoSchedule {
    /// When an invitation is answered without a person.
    enum Mode: String {
        /// It is not.
        case never
        /// It is accepted.
        case always
        /// It is accepted if nothing else is at the time; else a person decides.
        case acceptIfFree = "accept-if-free"
        /// It is declined if something else is at the time; else a person decides.
        case declineIfBusy = "decline-if-busy"
        /// It is accepted or declined.
        case automatic
    }

    private let user: CalendarUser
    private let services: CalendarServices
    private let context: Context
    private let mode: Mode
    /// Whether a series is taken as a whole, so that one instance that meets something else declines it.
    private let isAllOrNothing: Bool
    /// How far ahead a series is looked at.
    private static let horizonSeconds = 366 * 86400
    /// Of a series of which more is not free, nothing is taken.
    private static let maxDeclined = 50

    /// Nil for a user who answers in person.
    init?(_ user: CalendarUser, services: CalendarServices, context: Context) throws(DAVError) {
        let settings = user.principal.metadata
        let isThing = ["ROOM", "RESOURCE"].contains(settings[.userType] ?? "")
        let set = settings[.autoSchedule].flatMap { Mode(rawValue: $0.trimmingWhitespace.lowercased()) }
        mode = set ?? (isThing ? .automatic : .never)
        guard mode != .never else { return nil }
        isAllOrNothing = settings[.autoScheduleSeries]?.trimmingWhitespace.lowercased() == "whole"
        self.user = user
        self.services = services
        self.context = context
    }

    /// Answers in the name of the user what an invitation makes of their calendar.
    ///
    /// An invitation that comes again is answered again: the answer may have got lost.
    func answer(
        _ outcome: inout IncomingOutcome, to message: ScheduledMessage, _ existing: CalendarObject?
    ) throws(DAVError) {
        guard message.message.method == .request || message.message.method == .add else { return }
        guard
            let calendar = outcome.calendar ?? (outcome.reason == .alreadyApplied ? existing?.calendar : nil)
        else { return }
        let object: CalendarObject
        do { object = try CalendarObject(calendar) } catch { return }
        guard object.kind == .event else { return }
        let session = services.session(context)
        let (status, conflicts) = try decision(on: object)
        guard status != nil || !conflicts.isEmpty,
            let answered = session.answering(object, for: user.addresses, status, declining: conflicts)
        else { return }
        do {
            let change = try AttendeeChange(
                from: object, to: answered, owner: user.addresses, session)
            outcome.calendar = answered.calendar
            outcome.reason = nil
            outcome.answers += change.messages
        } catch {
            context.log("\(user.principal.path) cannot answer \(object.uid): \(error)")
        }
    }

    /// The answer to all of an object, nil for none, and the instances that are declined.
    private func decision(
        on object: CalendarObject
    ) throws(DAVError) -> (status: String?, conflicts: Set<Instant>) {
        if mode == .always { return ("ACCEPTED", []) }
        let conflicts = try conflicts(of: object)
        switch mode {
        case .never, .always: return (nil, [])
        case .acceptIfFree: return (conflicts.isEmpty ? "ACCEPTED" : nil, [])
        case .declineIfBusy where conflicts.areAll: return ("DECLINED", [])
        case .declineIfBusy: return (nil, conflicts.ids)
        case .automatic where conflicts.areAll: return ("DECLINED", [])
        case .automatic: return ("ACCEPTED", conflicts.ids)
        }
    }

    /// Instances that meet something else.
    private struct Conflicts {
        /// Them.
        var ids: Set<Instant> = []
        /// Whether nothing of the object, or too little, is free.
        var areAll = false

        var isEmpty: Bool { ids.isEmpty && !areAll }
    }

    /// The instances that wait for an answer and meet something else.
    private func conflicts(of object: CalendarObject) throws(DAVError) -> Conflicts {
        let set = RecurrenceSet(
            object.calendar, zones: services.zones, limits: services.recurrenceLimits(context))
        let now = Instant(secondsSinceEpoch: context.now)
        var instances = set.instances(overlapping: TimeRange(start: now, end: nil))
        guard let first = instances.next() else { return Conflicts() }
        let end = first.start + Self.horizonSeconds
        var busy = BusyTime(user: user, services: services, context: context)
        busy.ignoredUID = object.uid
        // What may take place takes the room too.
        let periods = try busy.periods(from: first.start, to: max(end, first.end)).periods
        var conflicts = Conflicts()
        guard !periods.isEmpty else { return conflicts }
        var asked = 0
        var next: Instance? = first
        while let instance = next, instance.start < end {
            next = instances.next()
            guard object.calendar.components[instance.componentIndex].asks(user.addresses) else { continue }
            asked += 1
            guard periods.contains(where: { $0.start < instance.end && instance.start < $0.end }) else {
                continue
            }
            guard let id = instance.recurrenceID.map(set.zones.instant), !isAllOrNothing else {
                conflicts.areAll = true
                return conflicts
            }
            conflicts.ids.insert(id)
        }
        // Who gets a series of which half is missing wants another room.
        conflicts.areAll = conflicts.ids.count * 2 > asked || conflicts.ids.count > Self.maxDeclined
        return conflicts
    }
}
