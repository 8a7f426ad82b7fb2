import Foundation
import MIME
import Testing

@Suite("Mails with calendars, RFC 6047") struct MailMessageTests {
    /// A mail of the folder `Mails`, with CRLF at the ends of its lines.
    static func mail(_ name: String) throws -> [UInt8] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Mails/\(name).eml")
        let text = try String(contentsOf: url, encoding: .isoLatin1)
        return Array(text.replacingOccurrences(of: "\n", with: "\r\n").data(using: .isoLatin1) ?? Data())
    }

    private func text(_ part: CalendarPart) -> String { String(decoding: part.bytes, as: UTF8.self) }

    @Test func `the fields are read`() throws {
        let mail = try MailMessage(parsing: Self.mail("invitation"))
        #expect(mail.from == ["ana@example.org"])
        #expect(mail.sender == ["calendar@example.org"])
        #expect(mail.replyTo == ["ana@example.org"])
        #expect(mail.recipients == ["bob@example.com", "eve@example.com", "céline@example.com"])
        #expect(mail.messageID == "1.abc@example.org")
        #expect(mail.autoSubmitted == "auto-generated")
        #expect(mail.subject == "Einladung: Frühstück")
        #expect(mail.hops == 2)
        #expect(mail.authenticationResults.count == 1)
        #expect(mail.authenticationResults.first?.contains("dmarc=pass") == true)
    }

    @Test func `the calendar within an alternative is found, and the file beside it`() throws {
        let mail = try MailMessage(parsing: Self.mail("invitation"))
        #expect(mail.calendars.map(\.isTextCalendar) == [true, false])
        #expect(mail.calendars.map(\.method) == ["REQUEST", nil])
        #expect(text(try #require(mail.calendars.first)).contains("SUMMARY:Frühstück\r\n"))
        #expect(mail.calendars[0].bytes == mail.calendars[1].bytes)
    }

    @Test func `another character set becomes UTF-8`() throws {
        let mail = try MailMessage(parsing: Self.mail("latin-1"))
        #expect(mail.calendars.map { text($0).contains("SUMMARY:Frühstück") } == [true])
        #expect(mail.calendars.first?.method == "reply")
    }

    @Test func `a mail that is a calendar as a whole is one`() throws {
        let mail = try MailMessage(parsing: Self.mail("bare"))
        #expect(mail.calendars.count == 1)
    }

    @Test func `a calendar in a forwarded mail is not ours`() throws {
        let mail = try MailMessage(parsing: Self.mail("forwarded"))
        #expect(mail.from == ["ana@example.org"])
        #expect(mail.calendars.isEmpty)
    }

    @Test func `ordinary mail has no calendar`() throws {
        let mail = try MailMessage(parsing: Array("From: a@b.example\r\n\r\nHello\r\n".utf8))
        #expect(mail.calendars.isEmpty)
    }

    @Test func `what is over the limits is refused`() throws {
        let bytes = try Self.mail("invitation")
        #expect(throws: MailError.tooLarge(limit: 100)) {
            try MailMessage(parsing: bytes, limits: MailLimits(bytes: 100))
        }
        #expect(throws: MailError.tooComplex) {
            try MailMessage(parsing: bytes, limits: MailLimits(depth: 1))
        }
        #expect(throws: MailError.tooComplex) {
            try MailMessage(parsing: bytes, limits: MailLimits(parts: 3))
        }
        #expect(throws: MailError.tooComplex) {
            try MailMessage(parsing: bytes, limits: MailLimits(fields: 5))
        }
        #expect(throws: MailError.malformed) { try MailMessage(parsing: []) }
        #expect(throws: MailError.malformed) { try MailMessage(parsing: Array("\r\nhello".utf8)) }
    }

    @Test func `ten thousand multiparts within each other are refused, and quickly`() throws {
        var text = "From: a@b.example\r\n"
        for depth in 0..<10_000 {
            text += "Content-Type: multipart/mixed; boundary=b\(depth)\r\n\r\n--b\(depth)\r\n"
        }
        #expect(throws: MailError.tooComplex) { try MailMessage(parsing: Array(text.utf8)) }
    }
}

@Suite("Writing mails, RFC 6047 §4") struct MailCompositionTests {
    private let composition = MailComposition(
        from: .init(name: "Ana Müller", address: "calendar@example.org"),
        replyTo: .init(name: "Ana Müller", address: "ana@example.org"),
        to: .init(name: nil, address: "bob@example.com"),
        subject: "Invitation: Frühstück\r\nBcc: all@example.com", messageID: "abc.1@example.org",
        time: 1_700_000_000, text: "When: tomorrow\n.\nFrom here\n", html: "<p>When: tomorrow</p>",
        method: "REQUEST", component: "VEVENT", calendar: Array("BEGIN:VCALENDAR\r\nX:ä\r\n".utf8))

    @Test func `what is written is read again`() throws {
        let bytes = try composition.bytes()
        let mail = try MailMessage(parsing: bytes)
        #expect(mail.from == ["calendar@example.org"])
        #expect(mail.replyTo == ["ana@example.org"])
        #expect(mail.recipients == ["bob@example.com"])
        #expect(mail.messageID == "abc.1@example.org")
        #expect(mail.autoSubmitted == "auto-generated")
        #expect(mail.subject == "Invitation: Frühstück  Bcc: all@example.com")
        #expect(mail.calendars.map(\.isTextCalendar) == [true, false])
        #expect(mail.calendars.map(\.method) == ["REQUEST", nil])
        #expect(mail.calendars.map(\.bytes) == [composition.calendar, composition.calendar])
    }

    @Test func `nothing that people write makes a field`() throws {
        var evil = composition
        evil.from.name = "Ana\r\nBcc: all@example.com"
        evil.replyTo = .init(name: "x\nX-Evil: 1", address: "ana\r\nX-Evil: 2@example.org")
        evil.to.address = "bob@example.com\r\nX-Evil: 3"
        let text = String(decoding: try evil.bytes(), as: UTF8.self)
        let head = text.components(separatedBy: "\r\n\r\n").first ?? ""
        #expect(!head.contains("\nBcc") && !head.contains("\nX-Evil"))
        #expect(head.contains("Message-Id") || head.contains("Message-ID"))
    }

    @Test func `it is a mail as programs want it`() throws {
        let bytes = try composition.bytes()
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n"))
        #expect(text.contains("MIME-Version: 1.0\r\n"))
        #expect(text.contains("multipart/mixed"))
        #expect(text.contains("multipart/alternative"))
        #expect(text.contains("filename=invite.ics"))
        let places = ["text/plain", "text/html", "text/calendar", "application/ics"].map {
            text.range(of: $0)?.lowerBound ?? text.startIndex
        }
        #expect(places == places.sorted() && Set(places).count == 4)
        #expect(!bytes.contains { $0 > 0x7e })
        // RFC 5321 §2.3.8: no line feed alone, and RFC 5322 §2.1.1: no line over 998 bytes.
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            #expect(line.last == 13 && line.count < 999)
        }
    }
}
