import Glibc
import LMTP
import Testing
import WireTestSupport
import WorkerPool

/// Takes what comes, for everybody but `nobody`.
private final class Desk: LMTPDelivery {
    func resolve(recipient: String) -> LMTPReply {
        recipient.hasPrefix("nobody") ? LMTPReply(550, "5.1.1", "No") : LMTPReply(250, "2.1.5", "Yes")
    }

    func deliver(_ transaction: LMTPTransaction) -> [LMTPReply] {
        transaction.recipients.map { LMTPReply(250, "2.1.5", "\($0) has \(transaction.message.count) bytes") }
    }
}

@Suite("LMTP over a socket") struct LMTPServerTests {
    /// Says all at once, and reads all that comes until the end.
    private func say(_ lines: [String], at path: String) throws -> [String] {
        let client = try WireClient(path)
        client.send(Array((lines + [""]).joined(separator: "\r\n").utf8))
        let (bytes, end) = client.receiveAll()
        #expect(end == .closed)
        return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    @Test func `conversations are held side by side, also with all at once`() throws {
        let path = "/tmp/artemisios-lmtp-\(UInt32.random(in: .min ... .max)).sock"
        let socket = try ListenSocket.open(.unix(path: path), mode: 0o600, group: nil)
        defer { _ = unsafe unlink(path) }
        let server = try LMTPServer(
            descriptor: socket.descriptor, options: LMTPOptions(maxConnections: 4)
        ) { Desk() }
        // Said nothing, and takes nobody's turn.
        let idle = try WireClient(path)
        let text = String(repeating: "0123456789\r\n", count: 20_000)
        for _ in 0..<5 {
            let answer = try say(
                [
                    "LHLO x", "MAIL FROM:<a@example.org>", "RCPT TO:<bob@example.com>",
                    "RCPT TO:<nobody@example.com>", "RCPT TO:<eve@example.com>", "DATA", text + ".",
                    "QUIT",
                ], at: path)
            #expect(
                answer.suffix(8) == [
                    "250 2.1.0 Sender noted", "250 2.1.5 Yes", "550 5.1.1 No", "250 2.1.5 Yes",
                    "354 The mail, then a line with a dot", "250 2.1.5 bob@example.com has 240000 bytes",
                    "250 2.1.5 eve@example.com has 240000 bytes", "221 2.0.0 Good bye",
                ])
        }
        withExtendedLifetime(idle) {}
        try server.stop()
    }

    @Test func `more connections than allowed are sent away for now`() throws {
        let path = "/tmp/artemisios-lmtp-\(UInt32.random(in: .min ... .max)).sock"
        let socket = try ListenSocket.open(.unix(path: path), mode: 0o600, group: nil)
        defer { _ = unsafe unlink(path) }
        let server = try LMTPServer(
            descriptor: socket.descriptor, options: LMTPOptions(maxConnections: 0)
        ) { Desk() }
        #expect(try say([], at: path) == ["421 4.3.2 Too many connections"])
        try server.stop()
    }

    @Test func `who says nothing for too long is sent away`() throws {
        let path = "/tmp/artemisios-lmtp-\(UInt32.random(in: .min ... .max)).sock"
        let socket = try ListenSocket.open(.unix(path: path), mode: 0o600, group: nil)
        defer { _ = unsafe unlink(path) }
        let server = try LMTPServer(
            descriptor: socket.descriptor, options: LMTPOptions(hostName: "h", timeoutSeconds: 1)
        ) { Desk() }
        let client = try WireClient(path)
        let (bytes, end) = client.receiveAll()
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "220 h LMTP Artemisios\r\n421 4.4.2 No word for 1 seconds\r\n")
        #expect(end == .closed)
        try server.stop()
    }
}
