public import CalDAV
import Gateway
import HTTP
public import Scheduling
import Store
public import WebDAV

extension Dispatcher {
    /// Delivers a scheduling message that came from elsewhere, such as by mail, to a user of this server.
    ///
    /// What follows from it, such as answers of rooms, goes its way too. Doing it again with the same message changes nothing.
    /// Whether the sender is who the message says is for the caller to know.
    public func deliver(
        _ message: ITIPMessage, from originator: CalendarUserAddress, to recipient: CalendarUserAddress
    ) -> DeliveryResult {
        let context = deliveryContext(from: originator)
        calendars.resumeDeliveries(context)
        return calendars.deliver(message, from: originator, to: recipient, context)
    }

    /// Whether a user of this server has the address.
    ///
    /// - Throws: when the principals cannot be read: then nobody knows.
    public func hasUser(_ address: CalendarUserAddress) throws(DAVError) -> Bool {
        try calendars.hasUser(address, deliveryContext(from: address))
    }

    /// Delivers what processes that are no more had yet to deliver; looks for it once a minute at most.
    func resumeDeliveries() {
        calendars.resumeDeliveries(deliveryContext(from: CalendarUserAddress("mailto:artemisios@localhost")))
    }

    /// Notes with the object of a user what became of a message later (RFC 6638 §3.2.9).
    func note(
        _ status: ScheduleStatus, of message: ITIPMessage, to recipient: CalendarUserAddress,
        sentBy principal: StorePath
    ) throws(DAVError) {
        try calendars.note(
            status, of: message, to: recipient, sentBy: principal,
            deliveryContext(from: CalendarUserAddress("mailto:artemisios@localhost")))
    }

    private func deliveryContext(from originator: CalendarUserAddress) -> Context {
        let name = originator.mailAddress ?? originator.description
        let prefix: Path
        do {
            prefix = try Path(parsing: configuration.routePrefix ?? "/")
        } catch {
            prefix = Path(segments: [], endsInSlash: true)
        }
        return Context(
            store: store, features: features, principals: principals, user: nil,
            author: Author(name: name, email: name), prefix: prefix, limits: configuration.limits,
            now: SystemTime.now() / 1000, log: { [log] message in log.note(message, id: "delivery") })
    }
}
