import IMIP
import LMTP
import Server

/// Brings mails to the calendars of those they are for.
final class MailDelivery: LMTPDelivery {
    private let intake: CalendarIntake
    private let policy: IncomingPolicy
    private let log: AccessLog

    init(_ intake: CalendarIntake, policy: IncomingPolicy, log: AccessLog) {
        self.intake = intake
        self.policy = policy
        self.log = log
    }

    func resolve(recipient: String) -> LMTPReply {
        reply(to: intake.lookUp(recipient), recipient)
    }

    func deliver(_ transaction: LMTPTransaction) -> [LMTPReply] {
        let mail = IncomingMail(transaction.message, policy: policy)
        return transaction.recipients.map { recipient in
            let reply = deliver(mail, to: recipient)
            log.note("mail from <\(transaction.sender)> to <\(recipient)>: \(reply)")
            return reply
        }
    }

    /// Delivers to one recipient, and says what became of it.
    func deliver(_ mail: IncomingMail, to recipient: String) -> LMTPReply {
        switch mail {
        case .message(let calendar, _, let originator):
            return reply(to: intake.deliver(calendar, from: originator, to: recipient), recipient)
        case .ordinary:
            return policy.ordinaryMail == .accept
                ? LMTPReply(250, "2.0.0", "There is no invitation in it; nothing to do")
                : LMTPReply(550, "5.6.0", "There is no invitation in it")
        case .ignored(let reason): return LMTPReply(250, "2.0.0", "Nothing done with \(reason)")
        case .unusable(let reason): return LMTPReply(554, "5.6.0", "No usable calendar message: \(reason)")
        case .refused(let reason): return LMTPReply(554, "5.7.1", "Not believed: \(reason)")
        }
    }

    private func reply(to answer: CalendarIntake.Answer, _ recipient: String) -> LMTPReply {
        switch answer {
        case .done(let what): LMTPReply(250, "2.1.5", what)
        case .unknownRecipient: LMTPReply(550, "5.1.1", "There is no calendar of <\(recipient)>")
        case .refused(let reason): LMTPReply(554, "5.7.1", reason)
        case .unusable(let reason): LMTPReply(554, "5.6.0", "No usable calendar message: \(reason)")
        case .busy(let reason): LMTPReply(450, "4.3.0", reason)
        }
    }
}
