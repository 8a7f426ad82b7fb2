/// Whom to believe.
public struct IncomingPolicy: Hashable, Sendable {
    /// How the sender of a mail is compared with who the calendar says has written it (RFC 6047 §3).
    public enum SenderCheck: String, Hashable, Sendable, CaseIterable {
        /// Not at all: for a mail server that has done it.
        case off
        /// `From` must be the organizer or attendee, or `Sender` or `Reply-To` in the same domain as `From`.
        case match
        /// And a mail server that is trusted must vouch for the domain of `From`.
        case authenticated
    }

    /// What to do with mails without a calendar.
    public enum OrdinaryMail: String, Hashable, Sendable, CaseIterable {
        /// Say that they are delivered, and drop them: for a copy of what goes to a mailbox as well.
        case accept
        /// Refuse them: for an address that takes nothing else.
        case reject
    }

    /// How the sender is checked.
    public var senderCheck: SenderCheck
    /// The names of hosts whose `Authentication-Results` are believed (RFC 8601 §2.5).
    public var trustedHosts: [String]
    /// What to do with mails without a calendar.
    public var ordinaryMail: OrdinaryMail
    /// Hosts that a mail may have passed (RFC 5321 §6.3).
    public var maxHops: Int

    /// Makes a policy.
    public init(
        senderCheck: SenderCheck = .match, trustedHosts: [String] = [],
        ordinaryMail: OrdinaryMail = .accept, maxHops: Int = 50
    ) {
        self.senderCheck = senderCheck
        self.trustedHosts = trustedHosts
        self.ordinaryMail = ordinaryMail
        self.maxHops = maxHops
    }
}
