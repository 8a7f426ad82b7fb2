import HTTP
import ICalendar
import Scheduling
import Store
import WebDAV
import XML

extension LiveProperty {
    /// What changes with an object when its owner or the organizer changes it, not when others answer (RFC 6638 §9.3).
    static func scheduleTag(_ services: CalendarServices) -> LiveProperty {
        .text(.calDAV("schedule-tag")) { (resource, context) throws(DAVError) in
            guard services.scheduling != nil, let item = resource.item, resource.container.kind.isCalendar,
                services.mayHaveOrganizer(
                    item.name, in: resource.container, at: try resource.container.snapshot(), context)
            else { return nil }
            let bytes = try services.stored(resource, item.version).bytes
            return try services.scheduleTag(of: bytes, item.name, in: resource.container, context)
        }
    }
}

extension CalendarServices {
    /// The tag of an object, nil when it is no scheduling object (RFC 6638 §3.2.10).
    func scheduleTag(
        of bytes: [UInt8], _ name: ItemName, in container: ContainerView, _ context: Context
    ) throws(DAVError) -> String? {
        guard namesOrganizer(bytes), let owner = try owner(of: container, context) else { return nil }
        let object: CalendarObject
        do { object = try CalendarObject(bytes) } catch { return nil }
        return scheduleTag(of: object, name, in: container, owner, context)
    }

    /// The tag of an object of a user, nil when it is no scheduling object.
    func scheduleTag(
        of object: CalendarObject, _ name: ItemName, in container: ContainerView, _ owner: CalendarUser,
        _ context: Context
    ) -> String? {
        guard object.role(of: owner.addresses) != .none else { return nil }
        return ScheduleTag(
            of: object, at: "\(container.location)/\(name)", owner: owner.addresses, session(context)
        ).description
    }

    /// The user whose calendar it is.
    func owner(of container: ContainerView, _ context: Context) throws(DAVError) -> CalendarUser? {
        guard let scheduling, let path = context.principals.owner(of: container.location) else { return nil }
        return try CalendarUser(path, mailDomain: scheduling.mailDomain, context)
    }
}
