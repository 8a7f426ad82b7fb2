import Foundation
import GitStore
import MailQueue
import Store
import TestSupport
import Testing

@Suite("The queue of mails to be sent") struct OutgoingQueueTests {
    private let folder: TemporaryFolder
    private let queue: OutgoingQueue
    private let work = StorePath(
        ["ana", "wor k/"].compactMap(ItemName.init) + [ItemName("50%\nä")].compactMap(\.self))

    init() throws {
        folder = try TemporaryFolder()
        queue = OutgoingQueue(root: folder.path, fsync: false)
    }

    private func message(_ recipient: String, _ text: String = "BEGIN:VCALENDAR\r\n") -> OutgoingMessage {
        OutgoingMessage(
            sender: Mailbox(address: "ana@example.org", name: "Ana\nBcc: x"),
            recipient: Mailbox(address: recipient), calendar: Array(text.utf8), previous: [0, 10, 255])
    }

    private func queued(
        _ recipient: String = "bob@example.com", _ text: String = "BEGIN:VCALENDAR\r\n"
    ) -> QueuedMessage {
        QueuedMessage(message: message(recipient, text), principal: work, time: 1)
    }

    @Test func `a message is read as it was written`() throws {
        try queue.add(queued(), as: "one")
        try queue.add(queued("céline@example.net", ""), as: "two")
        for (name, recipient) in zip(["one", "two"], ["bob@example.com", "céline@example.net"]) {
            let queued = try #require(try queue.message(name, at: .ready))
            #expect(queued.message.recipient.address == recipient)
            #expect(queued.message.sender == Mailbox(address: "ana@example.org", name: "Ana\nBcc: x"))
            #expect(queued.message.previous == [0, 10, 255])
            #expect(queued.principal == work)
            #expect(queued.time == 1)
        }
        #expect(try queue.names(at: .ready) == ["one", "two"])
    }

    @Test func `a message that is handed over again is not sent again`() throws {
        let queued = queued()
        try queue.add(queued, as: "one")
        try queue.add(queued, as: "one")
        #expect(try queue.names(at: .ready) == ["one"])
        #expect(try queue.message("one", at: .ready) == queued)
        try queue.move("one", from: .ready, to: .sent)
        try OutgoingQueue(root: folder.path, fsync: false).add(queued, as: "one")
        #expect(try queue.names(at: .ready).isEmpty)
    }

    @Test(arguments: [0, 1, 20, 60, 100])
    func `half a file is no message`(count: Int) throws {
        let whole = queued().bytes
        #expect(QueuedMessage(bytes: whole) != nil)
        #expect(QueuedMessage(bytes: Array(whole.prefix(count))) == nil)
        #expect(QueuedMessage(bytes: Array(whole.dropLast())) == nil)
    }

    @Test func `there is one sender at a time`() throws {
        #expect(try queue.becomeSender())
        #expect(try queue.becomeSender())
        #expect(try !OutgoingQueue(root: folder.path).becomeSender())
    }

    @Test func `a disk that takes nothing ends the change`() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path(".artemisios"), withIntermediateDirectories: true)
        try folder.write("no directory", to: ".artemisios/mail")
        #expect(throws: StoreError.self) {
            try queue.add(queued(), as: "one")
        }
    }
}
