internal import ContentLine
internal import ICalendar

/// A REPLY that an organizer gets (RFC 5546 §3.2.3, RFC 6638 §4.2).
struct IncomingReply {
    private let incoming: IncomingMessage
    private let message: ObjectSeries

    init(_ incoming: IncomingMessage) {
        self.incoming = incoming
        message = incoming.session.series(incoming.message.object)
    }

    func outcome() -> IncomingOutcome {
        guard let existing = incoming.existing else { return .ignored(.noSuchObject) }
        guard incoming.isForOrganizer else { return .ignored(.notOrganizer) }
        let senders = Set(incoming.message.object.components.compactMap(\.sender))
        // RFC 5546 §3.2.3: one attendee answers.
        guard senders.count == 1, let sender = senders.first else { return .ignored(.notInvited) }
        let old = incoming.session.series(existing)
        var components = existing.components
        var reasons: [IncomingOutcome.Reason] = []
        var isNews = false
        var changed = false
        // The whole before its parts, so that what is said of one instance stands.
        let answers = incoming.message.object.components.sorted {
            ($0.recurrenceID == nil ? 0 : 1) < ($1.recurrenceID == nil ? 0 : 1)
        }
        for answer in answers {
            switch apply(answer, of: sender, to: &components, old) {
            case .success(let news):
                changed = true
                isNews = isNews || news
            case .failure(let failure): reasons.append(failure.reason)
            }
        }
        guard changed, let object = existing.with(components) else {
            let reason = reasons.first ?? .alreadyApplied
            return reason == .notInvited ? .shown(reason) : .ignored(reason)
        }
        var outcome = IncomingOutcome(storing: object.calendar)
        if isNews {
            outcome.refreshed = object.attendees.filter {
                $0 != sender && !incoming.recipient.contains($0)
                    && incoming.message.object.attendees.contains($0) == false
            }
        }
        return outcome
    }

    /// Applies the answer to one component; true when others want to know of it.
    private func apply(
        _ answer: Component, of sender: CalendarUserAddress, to components: inout [Component],
        _ old: ObjectSeries
    ) -> Result<Bool, IncomingReplyFailure> {
        guard let id = message.id(of: answer) else {
            return applyToAll(answer, of: sender, to: &components, old)
        }
        if answer.isThisAndFuture {
            return applyToRest(answer, from: id, of: sender, to: &components, old)
        }
        let place = components.firstIndex { old.id(of: $0) == id }
        guard var component = place.map({ components[$0] }) ?? old.instance(at: id) else {
            return .failure(IncomingReplyFailure(reason: .noSuchInstance))
        }
        let result = component.take(answer, of: sender, incoming.stamp(of: answer))
        if case .success = result {
            if let place { components[place] = component } else { components.append(component) }
        }
        return result
    }

    /// RFC 5545 §3.2.13: an answer to an instance and all later ones, but those that were answered otherwise before.
    private func applyToRest(
        _ answer: Component, from id: Instant, of sender: CalendarUserAddress,
        to components: inout [Component], _ old: ObjectSeries
    ) -> Result<Bool, IncomingReplyFailure> {
        guard let asked = old.instance(at: id) else {
            return .failure(IncomingReplyFailure(reason: .noSuchInstance))
        }
        let stamp = incoming.stamp(of: answer)
        let whole = (old.derived(at: id) ?? asked).attendeeLine([sender])?.partStat
        var result: Result<Bool, IncomingReplyFailure> = .failure(IncomingReplyFailure(reason: .notInvited))
        for index in components.indices {
            guard let own = old.id(of: components[index]), own >= id,
                own == id || components[index].attendeeLine([sender])?.partStat == whole
            else { continue }
            let taken = components[index].take(answer, of: sender, stamp)
            if own == id { result = taken }
        }
        // An override for one instance cannot speak for the later ones.
        var first: Instant? = id
        while let next = first, let known = old.override(at: next), !known.isThisAndFuture {
            first = old.instance(after: next)
        }
        guard let first, old.override(at: first) == nil, var rest = old.derived(at: first) else {
            return result
        }
        let taken = rest.take(answer, of: sender, stamp)
        if case .success = taken { components.append(rest.thisAndFuture()) }
        return first == id ? taken : result
    }

    /// An answer to all of it holds also for instances that were answered as the whole was.
    private func applyToAll(
        _ answer: Component, of sender: CalendarUserAddress, to components: inout [Component],
        _ old: ObjectSeries
    ) -> Result<Bool, IncomingReplyFailure> {
        guard old.master != nil else { return .failure(IncomingReplyFailure(reason: .noSuchInstance)) }
        guard let place = components.wholeOf(sender, old) else {
            return .failure(IncomingReplyFailure(reason: .notInvited))
        }
        let whole = components[place].attendeeLine([sender])?.partStat
        let stamp = incoming.stamp(of: answer)
        let result = components[place].take(answer, of: sender, stamp)
        guard case .success = result else { return result }
        for index in components.indices where index != place {
            guard let own = components[index].attendeeLine([sender]), own.partStat == whole else { continue }
            _ = components[index].take(answer, of: sender, stamp)
        }
        return result
    }
}

extension [Component] {
    /// The component that a series is to an attendee: the master, or the override from which on they are invited.
    fileprivate func wholeOf(_ attendee: CalendarUserAddress, _ series: ObjectSeries) -> Int? {
        func names(_ index: Int) -> Bool { self[index].attendeeLine([attendee]) != nil }
        if let master = indices.first(where: { self[$0].recurrenceID == nil && names($0) }) { return master }
        let ranges = indices.filter { self[$0].isThisAndFuture && names($0) }
        return ranges.compactMap { index in series.id(of: self[index]).map { (index, $0) } }
            .min { $0.1 < $1.1 }?.0
    }
}

extension Component {
    /// The one who answers: the only attendee, or the one who hands the invitation on.
    fileprivate var sender: CalendarUserAddress? {
        let lines = attendeeLines
        let delegator = lines.first { $0.parameter("DELEGATED-TO") != nil }
        return (delegator ?? lines.first).map { CalendarUserAddress($0.value) }
    }

    /// Takes over an answer; true when the participation status is another now.
    fileprivate mutating func take(
        _ answer: Component, of sender: CalendarUserAddress, _ stamp: MessageStamp?
    ) -> Result<Bool, IncomingReplyFailure> {
        guard let own = attendeeLine([sender]), let said = answer.attendeeLine([sender]) else {
            return .failure(IncomingReplyFailure(reason: .notInvited))
        }
        // RFC 5546 §2.1.5: an answer to an earlier state, or one that another overtook.
        guard answer.sequence >= sequence else { return .failure(IncomingReplyFailure(reason: .outdated)) }
        if let last = own.messageStamp, let stamp, stamp < last {
            return .failure(IncomingReplyFailure(reason: .outdated))
        }
        let codes = answer.properties("REQUEST-STATUS").compactMap { line in
            line.value.utf8.split(separator: UInt8(ascii: ";")).first.map { String(Substring($0)) }
        }
        let status = codes.isEmpty ? [ScheduleStatus.success.code] : codes
        let delegates = answer.attendeeLines.filter { CalendarUserAddress($0.value) != sender }
        let isNews =
            own.partStat != said.partStat
            || Set(own.addresses("DELEGATED-TO")) != Set(said.addresses("DELEGATED-TO"))
        let before = self
        changeAttendee([sender]) { line in
            line.set("PARTSTAT", said.partStat)
            line.set("RSVP", nil)
            for name in ["DELEGATED-TO", "DELEGATED-FROM"] {
                line.replace(name, by: said.parameter(name))
            }
            line.replace(
                "SCHEDULE-STATUS", by: Parameter(name: "SCHEDULE-STATUS", values: status))
            if let stamp { line.set(ContentLine.stampParameter, stamp.description) }
        }
        if said.partStat == "DELEGATED" { addDelegates(of: said, delegates, sender) }
        guard self != before else { return .failure(IncomingReplyFailure(reason: .alreadyApplied)) }
        return .success(isNews)
    }

    /// RFC 5546 §3.2.3: the organizer's object names the one to whom an invitation was handed on.
    private mutating func addDelegates(
        of said: ContentLine, _ lines: [ContentLine], _ sender: CalendarUserAddress
    ) {
        for delegate in said.addresses("DELEGATED-TO") where attendeeLine([delegate]) == nil {
            var line =
                lines.first { CalendarUserAddress($0.value) == delegate }
                ?? ContentLine(name: "ATTENDEE", value: delegate.description)
            line.removeServerParameters()
            line.set("DELEGATED-FROM", said.value)
            properties.append(line)
        }
    }
}

extension ContentLine {
    /// Replaces a parameter; what it is already keeps its place, so that an answer that comes twice changes nothing.
    fileprivate mutating func replace(_ name: String, by parameter: Parameter?) {
        guard self.parameter(name)?.values != parameter?.values else { return }
        parameters.removeAll { $0.isNamed(name) }
        if let parameter { parameters.append(parameter) }
    }
}

/// Why an answer is not taken.
private struct IncomingReplyFailure: Error {
    let reason: IncomingOutcome.Reason
}
