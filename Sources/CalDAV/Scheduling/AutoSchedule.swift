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
    /// How far ahead a series is looked at.
    private static let horizonSeconds = 366 * 86400

    /// Nil for a user who answers in person.
    init?(_ user: CalendarUser, services: CalendarServices, context: Context) throws(DAVError) {
        let settings = user.principal.metadata
        let isThing = ["ROOM", "RESOURCE"].contains(settings[.userType] ?? "")
        let set = settings[.autoSchedule].flatMap { Mode(rawValue: $0.trimmingWhitespace.lowercased()) }
        mode = set ?? (isThing ? .automatic : .never)
        guard mode != .never else { return nil }
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
        var asked = object.calendar
        guard let status = try status(for: object) else { return }
        var isAsked = false
        for index in asked.components.indices where asked.components[index].isNamed(object.kind.rawValue) {
            isAsked = asked.components[index].answer(status, for: user.addresses) || isAsked
        }
        guard isAsked else { return }
        do {
            let answered = try CalendarObject(asked)
            let change = try AttendeeChange(
                from: object, to: answered, owner: user.addresses, services.session(context))
            outcome.calendar = answered.calendar
            outcome.reason = nil
            outcome.answers += change.messages
        } catch {
            context.log("\(user.principal.path) cannot answer \(object.uid): \(error)")
        }
    }

    private func status(for object: CalendarObject) throws(DAVError) -> String? {
        if mode == .always { return "ACCEPTED" }
        let isFree = try isFree(for: object)
        switch mode {
        case .never, .always: return nil
        case .acceptIfFree: return isFree ? "ACCEPTED" : nil
        case .declineIfBusy: return isFree ? nil : "DECLINED"
        case .automatic: return isFree ? "ACCEPTED" : "DECLINED"
        }
    }

    /// Whether none of the instances meets something else.
    private func isFree(for object: CalendarObject) throws(DAVError) -> Bool {
        let set = RecurrenceSet(
            object.calendar, zones: services.zones, limits: services.recurrenceLimits(context))
        let now = Instant(secondsSinceEpoch: context.now)
        var instances = set.instances(overlapping: TimeRange(start: now, end: nil))
        guard let first = instances.next() else { return true }
        let end = first.start + Self.horizonSeconds
        var busy = BusyTime(user: user, services: services, context: context)
        busy.ignoredUID = object.uid
        // What may take place takes the room too.
        let periods = try busy.periods(from: first.start, to: max(end, first.end)).periods
        guard !periods.isEmpty else { return true }
        var next: Instance? = first
        while let instance = next, instance.start < end {
            if periods.contains(where: { $0.start < instance.end && instance.start < $0.end }) {
                return false
            }
            next = instances.next()
        }
        return true
    }
}

extension Component {
    /// Gives an answer where none was given; whether there was such a place.
    fileprivate mutating func answer(_ status: String, for user: Set<CalendarUserAddress>) -> Bool {
        var isAsked = false
        for index in properties.indices
        where properties[index].isNamed("ATTENDEE")
            && user.contains(CalendarUserAddress(properties[index].value))
        {
            let own = properties[index].parameter("PARTSTAT")?.values.first ?? "NEEDS-ACTION"
            guard own.isName("NEEDS-ACTION") else { continue }
            properties[index].parameters.removeAll { $0.isNamed("PARTSTAT") || $0.isNamed("RSVP") }
            properties[index].parameters.append(Parameter(name: "PARTSTAT", values: [status]))
            isAsked = true
        }
        return isAsked
    }
}
