import ICalendar
import Scheduling
public import Store
import WebDAV

/// What scheduling needs besides the request (RFC 6638).
///
/// There is one for each worker. Without one, a server keeps what clients write and sends nothing.
public final class SchedulingServices {
    /// The way to those who are no principals of the server.
    public let outbound: any OutboundMessages
    /// Where it is written down what is to be delivered, nil to lose it with the process.
    let journal: (any Journal)?
    /// The domain of the mail addresses of users whose names are none; nil when they have no such addresses.
    let mailDomain: String?
    /// Seconds after which a message goes from an inbox.
    let inboxSeconds: Int64
    /// Principals by their addresses, as far as they were looked at.
    let directory = PrincipalDirectory()

    /// Makes the services of a worker.
    ///
    /// - Parameters:
    ///   - outbound: the way to those who are no principals of the server.
    ///   - journal: where it is written down what is to be delivered.
    ///   - mailDomain: the domain of the mail addresses of users whose names are none.
    ///   - inboxDays: days for which messages stay in inboxes, 0 for ever (RFC 6638 §4 leaves their removal to clients).
    public init(
        outbound: any OutboundMessages = NoOutboundMessages(), journal: (any Journal)? = nil,
        mailDomain: String? = nil, inboxDays: Int = 60
    ) {
        self.outbound = outbound
        self.journal = journal
        self.mailDomain = mailDomain
        self.inboxSeconds = Int64(inboxDays) * 86400
    }
}

extension CalendarServices {
    /// What messages of a request are made in.
    func session(_ context: Context) -> SchedulingSession {
        SchedulingSession(
            stamp: Instant(secondsSinceEpoch: context.now), product: productIdentifier, zones: zones,
            limits: recurrenceLimits(context))
    }
}
