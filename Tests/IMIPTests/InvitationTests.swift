import Foundation
import IMIP
import MIME
import MailQueue
import Store
import Testing

/// A calendar message in a few words.
func calendar(_ method: String, _ lines: String...) -> [UInt8] {
    let all =
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "METHOD:\(method)", "BEGIN:VEVENT",
            "UID:u1",
            "DTSTAMP:20260101T000000Z", "DTSTART;TZID=Europe/Berlin:20260302T100000",
            "DTEND;TZID=Europe/Berlin:20260302T113000",
            "ORGANIZER;CN=Ana Müller:mailto:ana@example.org",
        ] + lines + ["END:VEVENT", "END:VCALENDAR", ""]
    return Array(all.joined(separator: "\r\n").utf8)
}

@Suite("Mails that people can read, RFC 6047 §4") struct InvitationTests {
    private let bob = "ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION:MAILTO:bob@example.com"

    private func mail(
        _ calendar: [UInt8], previous: [UInt8] = [], sender: String = "ana@example.org", from: String? = nil
    ) throws -> IMIPMessage {
        let queued = QueuedMessage(
            message: OutgoingMessage(
                sender: Mailbox(address: sender, name: "Ana Müller"),
                recipient: Mailbox(address: "bob@example.com"), calendar: calendar),
            principal: .root, time: 0)
        return try #require(
            IMIPMessage(queued, name: "e1-2", from: from ?? "calendar@example.org", previous: previous))
    }

    @Test func `an invitation says what, when, where and who`() throws {
        let mail = try mail(
            calendar(
                "REQUEST", "SUMMARY:Früh\\, stück", "LOCATION:Café <b>",
                "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=5",
                bob)
        ).composition
        #expect(mail.subject == "Invitation: Früh, stück")
        #expect(mail.text.contains("Ana Müller invites you.\n"))
        #expect(mail.text.contains("When: Monday, 2 March 2026, 10:00 to 11:30 (Europe/Berlin)\n"))
        #expect(mail.text.contains("Repeats: every 2 weeks on Monday, 5 times\n"))
        #expect(mail.text.contains("Where: Café <b>\n"))
        #expect(mail.text.contains("Attendees: Bob <bob@example.com>\n"))
        #expect(mail.html.contains("Café &lt;b&gt;") && !mail.html.contains("<b>"))
        #expect(mail.method == "REQUEST" && mail.component == "VEVENT")
    }

    @Test func `From is the server's, Reply-To the organizer's`() throws {
        let mail = try mail(calendar("REQUEST", bob)).composition
        #expect(mail.from == .init(name: "Ana Müller", address: "calendar@example.org"))
        #expect(mail.replyTo == .init(name: "Ana Müller", address: "ana@example.org"))
        #expect(mail.messageID == "e1-2@example.org")
        #expect(try self.mail(calendar("REQUEST", bob), from: "Ana@example.org").composition.replyTo == nil)
    }

    @Test func `an update says what has changed`() throws {
        let old = calendar("REQUEST", "SUMMARY:Tea", "LOCATION:Here", "DESCRIPTION:Bring cups", bob)
        let mail = try mail(calendar("REQUEST", "SUMMARY:Tea", "LOCATION:There", bob), previous: old)
            .composition
        #expect(mail.subject == "Updated invitation: Tea")
        #expect(mail.text.contains("Where: There  (changed)\n"))
        #expect(mail.text.contains("No longer: Description Bring cups\n"))
        #expect(!mail.text.contains("(Europe/Berlin)  (changed)"))
    }

    @Test(arguments: [
        ("ACCEPTED", "Accepted: Tea"), ("DECLINED", "Declined: Tea"),
        ("TENTATIVE", "Tentatively accepted: Tea"),
    ])
    func `a reply says how it was answered`(participation: String, subject: String) throws {
        let mail = try mail(
            calendar(
                "REPLY", "SUMMARY:Tea", "ATTENDEE;PARTSTAT=\(participation):mailto:bob@example.com",
                "COMMENT:So be it"))
        #expect(mail.composition.subject == subject)
        #expect(mail.composition.text.contains("\u{201C}So be it\u{201D}"))
    }

    @Test func `a cancellation says so, and whole days have no clock`() throws {
        #expect(try mail(calendar("CANCEL", "SUMMARY:Tea")).composition.subject == "Cancelled: Tea")
        let text = String(decoding: calendar("REQUEST"), as: UTF8.self)
            .replacingOccurrences(
                of: "DTSTART;TZID=Europe/Berlin:20260302T100000", with: "DTSTART;VALUE=DATE:20260302"
            )
            .replacingOccurrences(
                of: "DTEND;TZID=Europe/Berlin:20260302T113000", with: "DTEND;VALUE=DATE:20260304")
        #expect(
            try mail(Array(text.utf8)).composition.text.contains(
                "When: Monday, 2 March 2026 to Tuesday, 3 March 2026\n"))
    }
}
