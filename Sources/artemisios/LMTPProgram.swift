import ArgumentParser
import FoundationEssentials
import LMTP
import Maintenance
import Server
import WorkerPool

/// `artemisios lmtp`: takes invitations from a mail server.
struct LMTPProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lmtp", abstract: "Take invitations from a mail server by LMTP (RFC 2033).",
        discussion: """
            'artemisios serve' does it with --imip-listen. Each recipient is answered by what became of the mail in their \
            calendar. Who can write to the socket is believed to be the mail server.
            """)

    @OptionGroup var intake: IntakeOptions
    @OptionGroup(title: "Mail") var listen: MailListenOptions
    @OptionGroup var trust: MailTrustOptions

    func run() throws {
        let log = AccessLog(.text)
        let configuration = intake.configuration
        let lifeline = Lifeline.inherited()
        do {
            // Started by the supervisor it finds the socket at its descriptor 0.
            let isSupervised = ProcessInfo.processInfo.environment["ARTEMISIOS_LIFELINE"] != nil
            let socket = isSupervised ? nil : try listen.socket()
            let policy = trust.policy
            let server = try LMTPServer(
                descriptor: socket?.descriptor ?? 0,
                options: LMTPOptions(hostName: ProcessInfo.processInfo.hostName)
            ) {
                MailDelivery(try CalendarIntake(configuration, log: log), policy: policy, log: log)
            }
            lifeline.sayReady()
            // What is not yet answered when this ends the mail server brings again, and then nothing is done twice.
            while lifeline.holds(forMilliseconds: 3_600_000) {}
            try server.stop()
        } catch let error as PoolError {
            log.note("\(error)")
            throw ExitCode(error.exitCode)
        } catch let error as StartError {
            log.note("\(error)")
            throw ExitCode(78)
        }
    }
}
