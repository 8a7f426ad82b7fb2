import ArgumentParser
import GitStore
import IMIP
import MailQueue
import Maintenance
import Server
import Store

/// `artemisios send-mail`: sends the invitations that wait.
struct SendMail: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send-mail",
        abstract: "Send the invitations that wait in the queue, and those that come.",
        discussion: """
            'artemisios serve' does it with --imip-send. What waits is below the data root in .artemisios/mail; what was \
            given up is in its folder 'failed'.
            """)

    @OptionGroup(title: "What to serve") var storage: StorageOptions
    @OptionGroup(title: "To whom") var principals: PrincipalOptions
    @OptionGroup(title: "Mail") var mail: MailSendOptions

    @Flag(help: "Send what is due now, and end.")
    var once = false

    @Flag(help: .hidden)
    var sendsMail = false

    func run() throws {
        let log = AccessLog(.text)
        guard let transport = try mail.transport(), let from = try mail.from else {
            throw ValidationError("--imip-send and --smtp-from are needed")
        }
        let lifeline = Lifeline.inherited()
        let directory = storage.directory
        var configuration = Configuration()
        storage.apply(to: &configuration)
        principals.apply(to: &configuration)
        (configuration.eager, configuration.sendsMail) = (false, true)
        do {
            let queue = OutgoingQueue(root: directory)
            let intake = try CalendarIntake(configuration, log: log)
            let sender = MailSender(
                queue, transport: transport, from: from,
                givesUp: { queued, isRefused in
                    intake.noteFailure(
                        of: queued.message.calendar, to: queued.message.recipient.address,
                        sentBy: queued.principal, isRefused: isRefused)
                }
            ) { log.note($0) }
            lifeline.sayReady()
            while try !queue.becomeSender() {
                // Another one does it; when it ends it is our turn.
                guard !once, lifeline.holds(forMilliseconds: 2000) else { throw ExitCode(75) }
            }
            repeat {
                // What a worker that was killed had yet to put into the queue must not wait for the next request.
                intake.resumeDeliveries()
                try sender.round { lifeline.holds(forMilliseconds: 0) }
            } while !once && lifeline.holds(forMilliseconds: 300)
        } catch let error as StartError {
            log.note("\(error)")
            throw ExitCode(78)
        } catch let error as StoreError {
            log.note("\(directory): \(error)")
            throw ExitCode(1)
        } catch let error as QueueError {
            log.note("\(directory): \(error)")
            throw ExitCode(1)
        }
    }
}
