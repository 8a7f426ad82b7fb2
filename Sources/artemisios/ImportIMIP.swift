import ArgumentParser
import IMIP
import LMTP
import Server

/// `artemisios import-imip`: takes one invitation from a program such as Sieve.
struct ImportIMIP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-imip", abstract: "Take one mail with an invitation from the standard input.",
        discussion: """
            For Sieve pipes and .forward files. Ends with what mail servers understand: 0 done, or nothing to do; 65 the mail \
            cannot be used; 67 there is no such recipient; 77 its sender is not believed; 75 try again later.
            """)

    @OptionGroup var intake: IntakeOptions
    @OptionGroup(title: "Mail") var trust: MailTrustOptions

    @Option(help: ArgumentHelp("Whom it is for; may be repeated.", valueName: "address"))
    var recipient: [String]

    func run() throws {
        let log = AccessLog(.text)
        // As many as LMTP takes.
        let limit = LMTPOptions().maxMessageBytes
        guard let bytes = StandardInput.bytes(atMost: limit) else {
            log.note("the mail cannot be read, or is longer than \(limit) bytes")
            throw ExitCode(65)
        }
        let calendars: CalendarIntake
        do {
            calendars = try CalendarIntake(intake.configuration, log: log)
        } catch {
            log.note("\(error)")
            throw ExitCode(75)
        }
        let delivery = MailDelivery(calendars, policy: trust.policy, log: log)
        let mail = IncomingMail(bytes, policy: trust.policy)
        let replies = recipient.map { delivery.deliver(mail, to: $0) }
        for (address, reply) in zip(recipient, replies) where !reply.isPositive {
            log.note("<\(address)>: \(reply)")
        }
        // What may work later counts most: to do it again for those where it has worked changes nothing.
        let worst = replies.min { Self.rank($0) < Self.rank($1) }
        guard let worst, !worst.isPositive else { return }
        throw ExitCode(Self.code(worst))
    }

    private static func rank(_ reply: LMTPReply) -> Int {
        switch reply.code / 100 {
        case 4: 0
        case 5: 1
        default: 2
        }
    }

    /// The exit code of sysexits.h.
    private static func code(_ reply: LMTPReply) -> Int32 {
        switch (reply.code / 100, reply.enhanced) {
        case (4, _): 75
        case (_, "5.1.1"): 67
        case (_, "5.7.1"): 77
        default: 65
        }
    }
}
