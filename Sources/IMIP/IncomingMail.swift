internal import ContentLine
internal import ICalendar
internal import MIME

/// What a mail is to the calendars of this server (RFC 6047).
public enum IncomingMail: Hashable, Sendable {
    /// A message for a calendar: its bytes, and the address of who has written it.
    case message(calendar: [UInt8], method: String, originator: String)
    /// A mail without a calendar for a program.
    case ordinary
    /// One that must not be answered by a program, and needs no answer.
    case ignored(reason: String)
    /// A mail whose calendar cannot be used.
    case unusable(reason: String)
    /// A mail from somebody who may not write what is in it.
    case refused(reason: String)

    /// Reads a mail.
    public init(_ bytes: [UInt8], policy: IncomingPolicy) {
        let mail: MailMessage
        do {
            mail = try MailMessage(parsing: bytes)
        } catch {
            self = error == .malformed ? .ordinary : .unusable(reason: "\(error)")
            return
        }
        guard mail.hops <= policy.maxHops else {
            self = .refused(reason: "it has passed more than \(policy.maxHops) hosts")
            return
        }
        // RFC 6047 §2.4: the part of type text/calendar with a method is the message; others are files along with it.
        let candidates = mail.calendars.filter { $0.isTextCalendar && $0.method != nil }
        guard let part = candidates.first ?? mail.calendars.first(where: \.isTextCalendar) else {
            self = .ordinary
            return
        }
        let calendar: Component
        do {
            calendar = try CalendarParser.parse(part.bytes)
        } catch {
            self = .unusable(reason: "the calendar cannot be read: \(error.reason), line \(error.line)")
            return
        }
        guard let method = calendar.property("METHOD")?.value.trimmingBlanks.uppercased() else {
            // A calendar that nobody is to act on, such as a timetable.
            self = part.method == nil ? .ordinary : .unusable(reason: "the calendar has no METHOD")
            return
        }
        // RFC 6047 §2.4: both must say the same.
        guard part.method.map({ $0.isName(method) }) ?? true else {
            self = .unusable(reason: "the mail says method \(part.method ?? ""), the calendar \(method)")
            return
        }
        self = Self.checked(mail, calendar, method, part.bytes, policy)
    }

    private static func checked(
        _ mail: MailMessage, _ calendar: Component, _ method: String, _ bytes: [UInt8],
        _ policy: IncomingPolicy
    ) -> IncomingMail {
        let isReplied = ["auto-replied", "auto-notified"].contains { word in
            mail.autoSubmitted?.trimmingBlanks.lowercased().utf8.starts(with: word.utf8) ?? false
        }
        // RFC 3834 §2: no answer by a program to the answer of a program. What answers nothing is let through.
        if isReplied, ["REQUEST", "ADD", "REFRESH", "COUNTER"].contains(method) {
            return .ignored(reason: "an automatic answer (\(mail.autoSubmitted ?? ""))")
        }
        let isFromAttendee = ["REPLY", "REFRESH", "COUNTER"].contains(method)
        let components = calendar.components.filter { !$0.isNamed("VTIMEZONE") }
        let writers = components.compactMap { component in
            component.property(isFromAttendee ? "ATTENDEE" : "ORGANIZER")
        }
        guard let writer = writers.first else {
            return .unusable(
                reason: "a \(method) without \(isFromAttendee ? "an attendee" : "an organizer")")
        }
        let address = InvitationDetails.address(writer.value)
        guard writers.allSatisfy({ InvitationDetails.address($0.value).isSameName(as: address) }) else {
            return .unusable(reason: "a \(method) of several people at once")
        }
        // RFC 5545 §3.2.18: somebody may write for another.
        let delegate = writer.parameter("SENT-BY")?.values.first.map(InvitationDetails.address)
        let parties = [address] + (delegate.map { [$0] } ?? [])
        if let reason = refusal(of: mail, for: parties, policy) { return .refused(reason: reason) }
        return .message(calendar: bytes, method: method, originator: address)
    }

    /// Why the mail is not from one of `parties`, nil when it is.
    private static func refusal(of mail: MailMessage, for parties: [String], _ policy: IncomingPolicy)
        -> String?
    {
        guard policy.senderCheck != .off else { return nil }
        // RFC 7489 §6.6.1: with several authors nobody could say whose domain vouches.
        guard let from = mail.from.first, mail.from.count == 1 else { return "it has not one author" }
        let isParty = { (address: String) in parties.contains { $0.isSameName(as: address) } }
        let domain = domain(from)
        let isWritten =
            isParty(from)
            // Servers send for their users from an address of their own, as this one does.
            || (mail.sender + mail.replyTo).contains { isParty($0) && Self.domain($0).isSameName(as: domain) }
        guard isWritten else { return "\(from) is not \(parties[0])" }
        guard !policy.trustedHosts.isEmpty || policy.senderCheck == .authenticated else { return nil }
        switch AuthenticationResults.verdict(
            mail.authenticationResults, trusting: policy.trustedHosts, domain: domain)
        {
        case .pass: return nil
        case .fail: return "\(domain) says that it is not from there"
        case .unknown:
            return policy.senderCheck == .authenticated ? "nobody vouches for \(domain)" : nil
        }
    }

    private static func domain(_ address: String) -> String {
        address.utf8.lastIndex(of: UInt8(ascii: "@")).map { String(address[address.index(after: $0)...]) }
            ?? ""
    }
}
