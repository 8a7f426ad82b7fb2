internal import ContentLine
internal import ICalendar

/// A CANCEL that an attendee gets (RFC 5546 §3.2.5).
struct IncomingCancel {
    private let incoming: IncomingMessage
    private let message: ObjectSeries

    init(_ incoming: IncomingMessage) {
        self.incoming = incoming
        message = incoming.session.series(incoming.message.object)
    }

    func outcome() -> IncomingOutcome {
        guard let existing = incoming.existing else { return .ignored(.noSuchObject) }
        guard incoming.isFromOrganizer else { return .ignored(.otherOrganizer) }
        if let organizer = existing.organizer, incoming.recipient.contains(organizer) {
            return .ignored(.notInvited)
        }
        var components = existing.components
        let old = incoming.session.series(existing)
        var changed = false
        for component in incoming.message.object.components {
            if let id = message.id(of: component), component.isThisAndFuture {
                changed = cancelRest(component, from: id, in: &components, old) || changed
            } else if let id = message.id(of: component) {
                changed = cancel(component, at: id, in: &components, old) || changed
            } else {
                changed = cancelAll(component, in: &components) || changed
            }
        }
        guard changed else { return .ignored(.outdated) }
        guard let object = existing.with(components) else { return .ignored(.noSuchObject) }
        return IncomingOutcome(storing: object.calendar)
    }

    private func cancelAll(_ component: Component, in components: inout [Component]) -> Bool {
        guard let known = components.first, incoming.isNewer(component, than: known),
            !components.allSatisfy(\.isCancelled)
        else { return false }
        let stamp = incoming.stamp(of: component)
        for index in components.indices { components[index].cancel(as: component, stamp) }
        return true
    }

    /// RFC 5546 §3.2.5: an instance goes, and all later ones: the series ends before it.
    private func cancelRest(
        _ component: Component, from id: Instant, in components: inout [Component], _ old: ObjectSeries
    ) -> Bool {
        guard let known = old.instance(at: id) ?? old.master ?? components.first,
            incoming.isNewer(component, than: known)
        else { return false }
        guard let master = components.firstIndex(where: { $0.recurrenceID == nil }) else {
            let stamp = incoming.stamp(of: component)
            var found = false
            for index in components.indices where (old.id(of: components[index]).map { $0 >= id }) ?? false {
                components[index].cancel(as: component, stamp)
                found = true
            }
            return found
        }
        let before = components
        guard components[master].end(before: id, old.zones) else {
            return cancelAll(component, in: &components)
        }
        components.removeAll { (old.id(of: $0).map { $0 >= id }) ?? false }
        return components != before
    }

    /// One instance goes; the others stay as they are.
    private func cancel(
        _ component: Component, at id: Instant, in components: inout [Component], _ old: ObjectSeries
    ) -> Bool {
        let place = components.firstIndex { old.id(of: $0) == id }
        guard let known = place.map({ components[$0] }) ?? old.instance(at: id),
            incoming.isNewer(component, than: known)
        else { return false }
        guard let master = components.firstIndex(where: { $0.recurrenceID == nil }) else {
            if let place { components[place].cancel(as: component, incoming.stamp(of: component)) }
            return place != nil
        }
        if let place { components.remove(at: place) }
        let index = place.map { $0 < master ? master - 1 : master } ?? master
        guard !old.excluded.contains(id) else { return place != nil }
        components[index].exclude(id, old.zones)
        return true
    }
}

extension Component {
    /// Takes over that a component is cancelled.
    fileprivate mutating func cancel(as message: Component, _ messageStamp: MessageStamp?) {
        setProperty(ContentLine(name: "STATUS", value: "CANCELLED"))
        setProperty(ContentLine(name: "SEQUENCE", value: String(max(message.sequence, sequence))))
        if let stamp = message.property("DTSTAMP") { setProperty(stamp) }
        // What does not take place needs no alarm.
        components.removeAll { $0.isNamed("VALARM") }
        self = keepingStamp(messageStamp)
    }
}
