import ContentLine
import HTTP
import ICalendar
public import Scheduling
public import Store
public import WebDAV

extension CalendarServices {
    /// Notes with the object of a user what became of a message that was handed to the way out (RFC 6638 §3.2.9).
    ///
    /// Nothing is noted when the object is not there any more, does not name the recipient any more, or says already what
    /// became of a later message. Nobody is sent anything because of it.
    ///
    /// - Throws: 503 when it may work later.
    public func note(
        _ status: ScheduleStatus, of message: ITIPMessage, to recipient: CalendarUserAddress,
        sentBy principal: StorePath, _ context: Context
    ) throws(DAVError) {
        guard let scheduling,
            let user = try CalendarUser(principal, mailDomain: scheduling.mailDomain, context)
        else { return }
        for place in try objects(withUID: message.object.uid, of: user, context) {
            let collection = try place.calendar.collection()
            var failure: DAVError?
            _ = try storing { () throws(StoreError) in
                try collection.update(by: context.author) { snapshot in
                    do throws(DAVError) {
                        guard let item = snapshot.item(named: place.name),
                            let object = try calendarObject(item, in: snapshot, context),
                            object.uid.hasSameBytes(as: message.object.uid),
                            object.role(of: user.addresses)
                                == (message.method.isFromOrganizer ? .organizer : .attendee),
                            let noted = object.noting(status, of: message, to: recipient, session(context))
                        else { return nil }
                        return UpdatePlan(
                            writes: [(name: place.name, bytes: CalendarWriter.bytes(of: noted.calendar))],
                            message:
                                "Note that \(recipient.mailAddress ?? recipient.description) was not reached")
                    } catch {
                        failure = error
                        return nil
                    }
                }
            }
            if let failure { throw failure }
        }
    }
}
