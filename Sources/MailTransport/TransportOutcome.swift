/// What became of a mail that was handed over.
public enum TransportOutcome: Hashable, Sendable {
    /// The mail server has it, and answers for it.
    case accepted
    /// It may work later.
    case temporary(reason: String)
    /// It will not work.
    case permanent(reason: String)
}

/// A way to hand mails to a mail server.
public protocol MailTransport {
    /// Hands one mail over; returns when it is known what became of it.
    ///
    /// - Parameters:
    ///   - mail: the mail, its lines ended by CRLF.
    ///   - sender: the address that failures are reported to.
    ///   - recipient: the address it goes to.
    ///   - accepted: called as soon as the mail server has the mail, before anything else is done.
    /// - Returns: what became of it.
    func send(
        _ mail: [UInt8], from sender: String, to recipient: String, accepted: () -> Void
    ) -> TransportOutcome
}

extension TransportOutcome {
    /// Nil for an address that can stand in an envelope, else why it cannot.
    static func refusal(of address: String) -> TransportOutcome? {
        let isBad = address.utf8.contains { $0 <= 0x20 || $0 == 0x7f || $0 == 0x3c || $0 == 0x3e }
        guard isBad || !address.utf8.contains(UInt8(ascii: "@")) || address.utf8.first == UInt8(ascii: "-")
        else { return nil }
        return .permanent(reason: "not an address of mail")
    }
}
