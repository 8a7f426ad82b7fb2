import Foundation
import IMIP
import MIME
import MailQueue
import MailTransport
import Store
import TestSupport
import Testing

/// Takes mails, or answers what it is told to.
private final class Post: MailTransport {
    var mails: [(mail: MailMessage, recipient: String)] = []
    var answers: [TransportOutcome] = []

    func send(
        _ mail: [UInt8], from sender: String, to recipient: String, accepted: () -> Void
    ) -> TransportOutcome {
        let answer = answers.isEmpty ? .accepted : answers.removeFirst()
        if answer == .accepted {
            accepted()
            do { mails.append((try MailMessage(parsing: mail), recipient)) } catch {
                Issue.record("\(error)")
            }
        }
        return answer
    }
}

@Suite("Sending what is in the queue") struct MailSenderTests {
    private let folder: TemporaryFolder
    private let queue: OutgoingQueue
    private let post = Post()
    private let ana = StorePath([ItemName("ana")].compactMap(\.self))

    init() throws {
        folder = try TemporaryFolder()
        queue = OutgoingQueue(root: folder.path, fsync: false)
    }

    private func sender(first: Int = 0) -> MailSender {
        MailSender(
            queue, transport: post, from: "calendar@example.org",
            patience: .init(first: first, most: first, total: 60)
        ) { _ in }
    }

    private func message(_ text: String = "Tea") -> OutgoingMessage {
        OutgoingMessage(
            sender: Mailbox(address: "ana@example.org"), recipient: Mailbox(address: "bob@example.com"),
            calendar: calendar("REQUEST", "SUMMARY:\(text)"))
    }

    private func add(_ text: String, as name: String) throws {
        try queue.add(QueuedMessage(message: message(text), principal: ana, time: 0), as: name)
    }

    @Test func `a message is sent once`() throws {
        try add("one", as: "one")
        #expect(try sender().round() == 1)
        #expect(try sender().round() == 0)
        #expect(post.mails.map(\.recipient) == ["bob@example.com"])
        #expect(post.mails.first?.mail.subject == "Invitation: one")
        #expect(post.mails.first?.mail.calendars.first?.method == "REQUEST")
    }

    @Test func `the same change made and undone is told of twice, not more`() throws {
        for (number, text) in ["one", "two", "one"].enumerated() { try add(text, as: "\(number)") }
        #expect(try sender().round() == 3)
        #expect(Set(post.mails.compactMap(\.mail.messageID)).count == 3)
        #expect(post.mails.map(\.mail.subject).filter { $0?.hasPrefix("Updated") ?? false }.count == 2)
    }

    @Test func `a mail server that cannot take it is asked again, under the same Message-ID`() throws {
        try add("one", as: "one")
        post.answers = [.temporary(reason: "busy"), .temporary(reason: "busy")]
        let sender = sender()
        #expect(try [sender.round(), sender.round(), sender.round()] == [0, 0, 1])
        let name = try #require(try queue.names(at: .sent).first)
        #expect(post.mails.first?.mail.messageID == "\(name)@example.org")
        let patient = self.sender(first: 60)
        try add("two", as: "two")
        post.answers = [.temporary(reason: "busy")]
        #expect(try [patient.round(), patient.round()] == [0, 0])
        #expect(try queue.names(at: .ready).count == 1)
    }

    @Test func `what is refused is put aside`() throws {
        try add("one", as: "one")
        post.answers = [.permanent(reason: "nobody")]
        #expect(try sender().round() == 0)
        #expect(try queue.names(at: .failed).count == 1)
        #expect(try queue.names(at: .ready).isEmpty)
    }

    @Test func `what is refused is told of before it is put aside, and kept until that can be noted`() throws
    {
        try add("one", as: "one")
        var told: [(recipient: String, principal: StorePath)] = []
        var isNoted = false
        let sender = MailSender(
            queue, transport: post, from: "calendar@example.org",
            patience: .init(first: 0, most: 0, total: 60),
            givesUp: { queued, isRefused in
                #expect(isRefused)
                told.append((queued.message.recipient.address, queued.principal))
                return isNoted
            }
        ) { _ in }
        post.answers = [.permanent(reason: "nobody"), .permanent(reason: "nobody")]
        #expect(try sender.round() == 0)
        #expect(try queue.names(at: .failed).isEmpty)
        isNoted = true
        #expect(try sender.round() == 0)
        #expect(try queue.names(at: .failed) == ["one"])
        #expect(told.map(\.recipient) == ["bob@example.com", "bob@example.com"])
        #expect(told.map(\.principal) == [ana, ana])
    }

    @Test func `sendmail is run with the mail, its lines as in files`() throws {
        // A program that is written here cannot be started while another test starts one: the file is busy, ETXTBSY.
        let script = folder.path("sendmail")
        try FileManager.default.createSymbolicLink(
            at: URL(fileURLWithPath: script),
            withDestinationURL: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Programs/sendmail"))
        let transport = SendmailTransport(program: script)
        #expect(
            transport.send(Array("A: b\r\n\r\n.\r\n".utf8), from: "a@example.org", to: "b@example.com") {}
                == .accepted)
        #expect(try folder.read("arguments") == "-i -f a@example.org -- b@example.com\n")
        #expect(try folder.read("mail") == "A: b\n\n.\n")
        for address in ["-Xlog@example.com", "b c@example.com", "nobody", "a@b>\r\nRCPT TO:<x@y"] {
            #expect(transport.send([], from: "a@example.org", to: address) {} != .accepted)
        }
    }
}
