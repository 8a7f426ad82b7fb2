import Foundation
import GitStore
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
    private let store: GitCollectionStore
    private let queue: OutgoingQueue
    private let post = Post()
    private let work = StorePath([ItemName("work")].compactMap(\.self))
    private let ana = Author(name: "Ana", email: "ana@example.org")

    init() throws {
        folder = try TemporaryFolder()
        store = try GitCollectionStore(root: folder.path, options: GitStoreOptions(fsync: false))
        queue = OutgoingQueue(root: folder.path, fsync: false)
        try store.makeCollection(at: work, metadata: [:], by: ana)
    }

    private func sender(first: Int = 0) -> MailSender {
        MailSender(
            queue, store: store, transport: post, from: "calendar@example.org",
            patience: .init(first: first, most: first, total: 60)
        ) { _ in }
    }

    private func message(_ text: String = "Tea") -> OutgoingMessage {
        OutgoingMessage(
            sender: Mailbox(address: "ana@example.org"), recipient: Mailbox(address: "bob@example.com"),
            calendar: calendar("REQUEST", "SUMMARY:\(text)"))
    }

    /// Changes the collection as a worker does that dies at some point.
    private func change(_ text: String, failing: Bool = false) throws -> [String] {
        let name = try #require(ItemName("a.ics"))
        let told = Told()
        let (queue, work, message) = (queue, work, message(text))
        let before: (EntryID) throws(StoreError) -> Void = { (entry) throws(StoreError) in
            told.names = try queue.prepare([message], for: entry, of: work)
            if failing { throw .full }
        }
        let collection = try store.collection(at: work)
        let author = ana
        func update() throws {
            _ = try collection.update(by: author) { _ in
                var plan = UpdatePlan(writes: [(name, Array(text.utf8))], message: text)
                plan.beforeEntry = before
                return plan
            }
        }
        if failing {
            #expect(throws: StoreError.full) { try update() }
        } else {
            try update()
        }
        return told.names
    }

    private final class Told {
        var names: [String] = []
    }

    /// Makes what is prepared look as old as it is when a process has died.
    private func age(_ names: [String]) throws {
        for name in names {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -10)],
                ofItemAtPath: folder.path(".artemisios/mail/prepared/\(name)"))
        }
    }

    @Test func `a message is sent once`() throws {
        queue.release(try change("one"))
        #expect(try sender().round() == 1)
        #expect(try sender().round() == 0)
        #expect(post.mails.map(\.recipient) == ["bob@example.com"])
        #expect(post.mails.first?.mail.subject == "Invitation: one")
        #expect(post.mails.first?.mail.calendars.first?.method == "REQUEST")
    }

    @Test func `killed after the change, the message goes out`() throws {
        let names = try change("one")
        #expect(try sender().round() == 0)
        try age(names)
        #expect(try sender().round() == 1)
        queue.release(names)
        #expect(try sender().round() == 0)
        #expect(post.mails.count == 1)
    }

    @Test func `killed before the change, it does not`() throws {
        let names = try change("one", failing: true)
        #expect(names.count == 1)
        try age(names)
        #expect(try sender().round() == 0)
        #expect(try queue.names(at: .prepared).isEmpty)
        #expect(post.mails.isEmpty)
    }

    @Test func `the same change made and undone is told of twice, not more`() throws {
        for text in ["one", "two", "one"] { try age(try change(text)) }
        #expect(try sender().round() == 3)
        #expect(Set(post.mails.compactMap(\.mail.messageID)).count == 3)
        #expect(post.mails.map(\.mail.subject).filter { $0?.hasPrefix("Updated") ?? false }.count == 2)
    }

    @Test func `a mail server that cannot take it is asked again, under the same Message-ID`() throws {
        queue.release(try change("one"))
        post.answers = [.temporary(reason: "busy"), .temporary(reason: "busy")]
        let sender = sender()
        #expect(try [sender.round(), sender.round(), sender.round()] == [0, 0, 1])
        let name = try #require(try queue.names(at: .sent).first)
        #expect(post.mails.first?.mail.messageID == "\(name)@example.org")
        let patient = self.sender(first: 60)
        queue.release(try change("two"))
        post.answers = [.temporary(reason: "busy")]
        #expect(try [patient.round(), patient.round()] == [0, 0])
        #expect(try queue.names(at: .ready).count == 1)
    }

    @Test func `what is refused is put aside`() throws {
        queue.release(try change("one"))
        post.answers = [.permanent(reason: "nobody")]
        #expect(try sender().round() == 0)
        #expect(try queue.names(at: .failed).count == 1)
        #expect(try queue.names(at: .ready).isEmpty)
    }

    @Test func `a collection that is gone has nothing to tell`() throws {
        let names = try change("one")
        try age(names)
        try store.remove(work)
        #expect(try sender().round() == 0)
        #expect(try queue.names(at: .prepared).isEmpty)
    }

    @Test func `sendmail is run with the mail, its lines as in files`() throws {
        let script = folder.path("sendmail")
        try folder.write(
            "#!/bin/sh\necho \"$@\" > \(folder.path)/arguments\ncat > \(folder.path)/mail\nexit ${1:+0}\n",
            to: "sendmail")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
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
