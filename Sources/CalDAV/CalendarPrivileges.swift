import WebDAV
import XML

extension Privileges {
    /// `CALDAV:read-free-busy`, which is a part of `DAV:read` (RFC 4791 §6.1.1).
    static let readFreeBusy = Privileges(rawValue: 1 << 16)
    /// `CALDAV:schedule-deliver-invite` (RFC 6638 §6.1.1).
    static let scheduleDeliverInvite = Privileges(rawValue: 1 << 17)
    /// `CALDAV:schedule-deliver-reply` (RFC 6638 §6.1.2).
    static let scheduleDeliverReply = Privileges(rawValue: 1 << 18)
    /// `CALDAV:schedule-query-freebusy` (RFC 6638 §6.1.3).
    static let scheduleQueryFreeBusy = Privileges(rawValue: 1 << 19)
    /// `CALDAV:schedule-send-invite` (RFC 6638 §6.2.1).
    static let scheduleSendInvite = Privileges(rawValue: 1 << 20)
    /// `CALDAV:schedule-send-reply` (RFC 6638 §6.2.2).
    static let scheduleSendReply = Privileges(rawValue: 1 << 21)
    /// `CALDAV:schedule-send-freebusy` (RFC 6638 §6.2.3).
    static let scheduleSendFreeBusy = Privileges(rawValue: 1 << 22)
}

extension SupportedPrivilege {
    /// The privileges that calendars add to those of WebDAV (RFC 4791 §6.1, RFC 6638 §6).
    static var calendarPrivileges: [SupportedPrivilege] {
        let deliver = ElementName.calDAV("schedule-deliver")
        let send = ElementName.calDAV("schedule-send")
        return [
            .init(.calDAV("read-free-busy"), .readFreeBusy, of: .dav("read"), "Read busy times"),
            .init(deliver, [], of: .dav("all"), "Deliver scheduling messages"),
            .init(
                .calDAV("schedule-deliver-invite"), .scheduleDeliverInvite, of: deliver,
                "Deliver messages of organizers"),
            .init(
                .calDAV("schedule-deliver-reply"), .scheduleDeliverReply, of: deliver,
                "Deliver replies of attendees"),
            .init(
                .calDAV("schedule-query-freebusy"), .scheduleQueryFreeBusy, of: deliver,
                "Ask for busy times"),
            .init(send, [], of: .dav("all"), "Send scheduling messages"),
            .init(
                .calDAV("schedule-send-invite"), .scheduleSendInvite, of: send,
                "Send messages as organizer"),
            .init(
                .calDAV("schedule-send-reply"), .scheduleSendReply, of: send, "Send replies as attendee"),
            .init(
                .calDAV("schedule-send-freebusy"), .scheduleSendFreeBusy, of: send,
                "Ask for busy times of others"),
        ]
    }
}
