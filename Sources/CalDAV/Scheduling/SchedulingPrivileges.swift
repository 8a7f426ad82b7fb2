import HTTP
import Scheduling
import WebDAV

extension CalendarUser {
    /// Whether messages of that kind are taken from `sender`, nil for somebody from elsewhere (RFC 6638 §6.1).
    ///
    /// All users of a server may schedule with each other, but for those whom the list of the inbox denies it. It counts in
    /// whose name a message is sent, not who has written it for them.
    func takes(_ method: ITIPMethod, from sender: CalendarUser?) throws(DAVError) -> Bool {
        guard let sender, let inbox = try inbox() else { return true }
        return !inbox.denies(
            method.isFromOrganizer ? .scheduleDeliverInvite : .scheduleDeliverReply,
            to: sender.principal.path)
    }

    /// Whether `asker` is told when this one is busy (RFC 6638 §6.1.4).
    func tellsBusyTime(to asker: CalendarUser) throws(DAVError) -> Bool {
        guard let inbox = try inbox() else { return true }
        return !inbox.denies(.scheduleQueryFreeBusy, to: asker.principal.path)
    }

    /// Throws `DAV:need-privileges` unless the user who asks may send in the name of this one (RFC 6638 §6.2).
    func requireSending(_ privilege: Privileges, _ context: Context) throws(DAVError) {
        guard context.user != principal.path else { return }
        guard let outbox = try outbox() else {
            throw DAVError(.forbidden, message: "Nothing can be sent in the name of this user.")
        }
        try context.require(privilege, on: outbox)
    }
}
