import HTTP
import ICalendar
import Index
import Scheduling
import Store
import WebDAV

/// A calendar object where it is.
struct FoundObject {
    /// The calendar.
    let calendar: ContainerView
    /// The name in it.
    let name: ItemName
}

extension CalendarServices {
    /// The objects with a UID in the calendars of a user, as the calendars are now.
    func objects(
        withUID uid: String, of user: CalendarUser, _ context: Context
    ) throws(DAVError) -> [FoundObject] {
        var found: [FoundObject] = []
        for calendar in try user.calendars() {
            let collection = try calendar.collection()
            let snapshot = try storing { () throws(StoreError) in try collection.snapshot() }
            let names = uids(in: calendar, at: snapshot, context).names(uid)
            found += names.map { FoundObject(calendar: calendar, name: $0) }
        }
        return found
    }

    /// An object as it is in a snapshot; nil when it cannot be read.
    func calendarObject(_ item: Item, in snapshot: any Snapshot, _ context: Context) throws(DAVError)
        -> CalendarObject?
    {
        let bytes = try storing { () throws(StoreError) in try snapshot.bytes(of: item.version) }
        do { return try CalendarObject(bytes) } catch { return nil }
    }

    /// Whether an object may have an `ORGANIZER`, by its record.
    func mayHaveOrganizer(
        _ name: ItemName, in container: ContainerView, at snapshot: any Snapshot, _ context: Context
    ) -> Bool {
        let view = view(of: container, at: snapshot, context)
        guard let place = view.place(named: name) else { return false }
        let filter = [PropFilter(name: "ORGANIZER", test: .isDefined)]
        var mayHave = false
        view.withRecord(at: place) { bytes in
            let record = ObjectRecord(bytes)
            guard record.isReadable else { return }
            mayHave = !record.isComplete
            var members = record.members
            while !mayHave, let member = members.next(in: bytes) {
                mayHave = member.answer(to: filter, in: bytes) != .no
            }
        }
        return mayHave
    }
}

/// Whether a line of the bytes begins with the name of the organizer, which is all that most objects are asked.
func namesOrganizer(_ bytes: [UInt8]) -> Bool {
    let name = Array("ORGANIZER".utf8)
    return bytes.anyLineStart { start, span in
        guard start + name.count < span.count else { return false }
        for offset in 0..<name.count where span[start + offset] & 0xDF != name[offset] { return false }
        return true
    }
}

extension [UInt8] {
    /// Whether `test` holds for the start of a line.
    fileprivate func anyLineStart(_ test: (Int, Span<UInt8>) -> Bool) -> Bool {
        let span = self.span
        for index in span.indices where span[index] == UInt8(ascii: "\n") {
            if test(index + 1, span) { return true }
        }
        return false
    }
}
