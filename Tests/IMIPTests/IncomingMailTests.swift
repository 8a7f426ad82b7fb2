import Foundation
import IMIP
import Testing

@Suite("Mails for calendars, RFC 6047 §3") struct IncomingMailTests {
    private let request = calendar("REQUEST", "ATTENDEE:mailto:bob@example.com")
    private let reply = calendar("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com")

    private func mail(
        from: String = "ana@example.org", _ fields: [String] = [], method: String? = "REQUEST",
        calendar: [UInt8]? = nil
    ) -> [UInt8] {
        let type = "text/calendar; charset=utf-8" + (method.map { "; method=\($0)" } ?? "")
        let head =
            (["From: \(from)", "To: bob@example.com", "MIME-Version: 1.0"] + fields + [
                "Content-Type: \(type)"
            ])
            .joined(separator: "\r\n")
        return Array("\(head)\r\n\r\n".utf8) + (calendar ?? request)
    }

    private func isMessage(_ mail: [UInt8], _ policy: IncomingPolicy = IncomingPolicy()) -> Bool {
        if case .message = IncomingMail(mail, policy: policy) { return true }
        return false
    }

    private func isRefused(_ mail: [UInt8], _ policy: IncomingPolicy = IncomingPolicy()) -> Bool {
        if case .refused = IncomingMail(mail, policy: policy) { return true }
        return false
    }

    private func isUnusable(_ mail: [UInt8]) -> Bool {
        if case .unusable = IncomingMail(mail, policy: IncomingPolicy()) { return true }
        return false
    }

    @Test func `the organizer invites`() {
        #expect(
            IncomingMail(mail(from: "Ana <ANA@example.org>"), policy: IncomingPolicy())
                == .message(calendar: request, method: "REQUEST", originator: "ana@example.org"))
    }

    @Test func `an attendee replies, and the organizer cannot reply for them`() {
        #expect(isMessage(mail(from: "bob@example.com", method: "reply", calendar: reply)))
        #expect(isRefused(mail(from: "ana@example.org", method: "REPLY", calendar: reply)))
    }

    @Test func `somebody else is refused`() {
        #expect(isRefused(mail(from: "eve@example.net")))
        #expect(isRefused(mail(from: "eve@example.net", ["Sender: ana@example.org"])))
        #expect(isRefused(mail(from: "eve@example.net", ["Reply-To: ana@example.org"])))
        #expect(isRefused(mail(from: "eve@example.net, ana@example.org")))
        #expect(isMessage(mail(from: "eve@example.net"), IncomingPolicy(senderCheck: .off)))
    }

    @Test func `a server sends for its users from an address of the same domain`() {
        #expect(isMessage(mail(from: "calendar@example.org", ["Reply-To: ana@example.org"])))
    }

    @Test func `who is named in SENT-BY may write`() {
        let text = String(decoding: request, as: UTF8.self).replacingOccurrences(
            of: "ORGANIZER;", with: "ORGANIZER;SENT-BY=\"mailto:secretary@example.net\";")
        #expect(isMessage(mail(from: "secretary@example.net", calendar: Array(text.utf8))))
    }

    @Test(arguments: [
        ("dmarc=pass header.from=example.org", true), ("dmarc=fail header.from=example.org", false),
        ("dkim=pass header.d=example.org", true),
        ("dkim=pass (1024-bit; x) header.i=@mail.example.net", false),
        ("spf=pass smtp.mailfrom=bounce@example.org", true),
        ("spf=pass smtp.mailfrom=bounce@example.net", false),
        ("dmarc=none", false), ("none", false),
    ])
    func `a trusted server vouches for the domain`(results: String, isGood: Bool) {
        let policy = IncomingPolicy(senderCheck: .authenticated, trustedHosts: ["mx.example.com"])
        let field = "Authentication-Results: MX.example.com 1; \(results)"
        #expect(isMessage(mail([field]), policy) == isGood)
        let forged = "Authentication-Results: mx.example.net; \(results)"
        #expect(isRefused(mail([forged]), policy))
    }

    @Test func `a domain that disowns a mail is believed also when none has to vouch`() {
        let policy = IncomingPolicy(trustedHosts: ["mx.example.com"])
        #expect(isRefused(mail(["Authentication-Results: mx.example.com; dmarc=fail"]), policy))
        #expect(isMessage(mail(), policy))
    }

    @Test func `both must say the same method`() {
        #expect(isUnusable(mail(method: "CANCEL")))
        #expect(isUnusable(mail(calendar: Array("BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n".utf8))))
        #expect(isUnusable(mail(calendar: Array("no calendar".utf8))))
        #expect(isUnusable(mail(calendar: IMIPTests.calendar("REPLY"))))
    }

    @Test func `what is no message for a calendar is ordinary mail`() {
        #expect(
            IncomingMail(Array("From: a@b.example\r\n\r\nHi\r\n".utf8), policy: IncomingPolicy()) == .ordinary
        )
        let noMethod = String(decoding: request, as: UTF8.self).replacingOccurrences(
            of: "METHOD:REQUEST\r\n", with: "")
        #expect(
            IncomingMail(mail(method: nil, calendar: Array(noMethod.utf8)), policy: IncomingPolicy())
                == .ordinary)
    }

    @Test func `programs do not answer the answers of programs`() {
        let field = "Auto-Submitted: auto-replied (vacation)"
        #expect(
            IncomingMail(mail([field]), policy: IncomingPolicy())
                == .ignored(reason: "an automatic answer (auto-replied (vacation))"))
        #expect(isMessage(mail(["Auto-Submitted: auto-generated"])))
        #expect(isMessage(mail(from: "bob@example.com", [field], method: "REPLY", calendar: reply)))
        #expect(isRefused(mail(Array(repeating: "Received: from a by b", count: 51))))
    }
}
