import HTTP
import Scheduling
import WebDAV

extension CalendarUser {
    /// Whether messages of that kind are taken from the user who asks (RFC 6638 §6.1).
    ///
    /// All users of a server may schedule with each other, but for those whom the list of the inbox denies it.
    func takes(_ method: ITIPMethod) throws(DAVError) -> Bool {
        guard let inbox = try inbox() else { return true }
        return !inbox.denies(method.isFromOrganizer ? .scheduleDeliverInvite : .scheduleDeliverReply)
    }

    /// Whether the user who asks is told when this one is busy (RFC 6638 §6.1.4).
    func tellsBusyTime() throws(DAVError) -> Bool {
        guard let inbox = try inbox() else { return true }
        return !inbox.denies(.scheduleQueryFreeBusy)
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
