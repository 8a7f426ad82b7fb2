internal import ContentLine
public import ICalendar

extension CalendarObject {
    /// The object with what became of a message that was sent about it (RFC 6638 §3.2.9); nil when there is nothing to note.
    ///
    /// Only what still says that the message is on its way is changed: who has answered was reached by another one.
    public func noting(
        _ status: ScheduleStatus, of message: ITIPMessage, to recipient: CalendarUserAddress,
        _ session: SchedulingSession
    ) -> CalendarObject? {
        let sent = session.series(message.object)
        let own = session.series(self)
        let name = message.method.isFromOrganizer ? "ATTENDEE" : "ORGANIZER"
        let ids = Set(sent.object.overrides.compactMap(sent.id))
        let numbers = sent.object.components.map(\.sequence)
        var isChanged = false
        let object = mapComponents { component in
            // What was sent about the whole was about each of its parts.
            guard sent.master != nil || own.id(of: component).map(ids.contains) ?? false,
                component.sequence <= numbers.max() ?? 0
            else { return }
            for index in component.properties.indices {
                let line = component.properties[index]
                guard line.isNamed(name), CalendarUserAddress(line.value) == recipient,
                    line.parameter("SCHEDULE-STATUS")?.values.first?.utf8.first == UInt8(ascii: "1")
                else { continue }
                component.properties[index].set("SCHEDULE-STATUS", status.code)
                isChanged = true
            }
        }
        return isChanged ? object : nil
    }
}
