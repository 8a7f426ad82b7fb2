import HTTP
import Store
import WebDAV
import XML

/// Properties of principals that lead clients to calendars (RFC 4791 §6.2, RFC 6638 §2.4).
extension LiveProperty {
    static func principalProperties(_ services: CalendarServices) -> [LiveProperty] {
        [
            .calendarHomeSet, .calendarUserAddressSet(services), .emailAddressSet(services),
            .calendarUserType,
            .schedulingCollection("schedule-inbox-URL", named: "inbox"),
            .schedulingCollection("schedule-outbox-URL", named: "outbox"),
            .scheduleDefaultCalendar(services),
        ]
    }

    /// The collections that calendars are made in (RFC 4791 §6.2.1).
    private static var calendarHomeSet: LiveProperty {
        .hrefs(.calDAV("calendar-home-set")) { (resource, context) throws(DAVError) in
            guard let principal = resource.principal else { return nil }
            return principal.calendarHomes.map { context.href(of: $0) }
        }
    }

    /// By which addresses invitations call the principal (RFC 6638 §2.4.1); the administrator sets them.
    private static func calendarUserAddressSet(_ services: CalendarServices) -> LiveProperty {
        .hrefs(.calDAV("calendar-user-address-set")) { (resource, context) throws(DAVError) in
            resource.principal.map {
                context.calendarUserAddresses(of: $0, mailDomain: services.scheduling?.mailDomain)
            }
        }
    }

    /// Those of the addresses that are of mail, which Apple's clients show; not of any RFC.
    private static func emailAddressSet(_ services: CalendarServices) -> LiveProperty {
        .elements(.calendarServer("email-address-set")) { (resource, context) throws(DAVError) in
            guard let principal = resource.principal else { return nil }
            let domain = services.scheduling?.mailDomain
            return context.calendarUserAddresses(of: principal, mailDomain: domain).compactMap { address in
                guard address.utf8.starts(with: "mailto:".utf8) else { return nil }
                return XMLElement(.calendarServer("email-address"), text: String(address.dropFirst(7)))
            }
        }
    }

    /// Whether it is a person, a room … (RFC 6638 §2.4.2).
    private static var calendarUserType: LiveProperty {
        .text(
            .calDAV("calendar-user-type"),
            change: { (element, target) throws(DAVError) in
                guard target.isPrincipal else { throw .protected }
                guard let type = element?.text.trimmingWhitespace else { return [.userType: nil] }
                guard ["INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"].contains(type) else {
                    throw DAVError(.conflict, violated: .calDAV("valid-calendar-user-type"))
                }
                return [.userType: type]
            },
            value: { (resource, _) throws(DAVError) in
                resource.principal.map { $0.metadata[.userType] ?? "INDIVIDUAL" }
            })
    }

    /// A scheduling collection, when there is one (RFC 6638 §2.1.1, §2.2.1).
    private static func schedulingCollection(_ property: String, named name: String) -> LiveProperty {
        .hrefs(.calDAV(property)) { (resource, context) throws(DAVError) in
            guard let principal = resource.principal, let name = ItemName(name),
                let collection = try context.container(at: principal.path.appending(name)),
                collection.storage == .collection
            else { return nil }
            return [collection.href]
        }
    }

    /// The calendar that invitations go to (RFC 6638 §9.2), which the inbox tells.
    private static func scheduleDefaultCalendar(_ services: CalendarServices) -> LiveProperty {
        .hrefs(
            .calDAV("schedule-default-calendar-URL"),
            change: { (element, target) throws(DAVError) in
                guard target.kind.type == CollectionKind.inboxType, let context = target.context else {
                    throw .protected
                }
                // RFC 6638 §4.3.1.1: there is one in any case.
                guard let element else {
                    throw DAVError(.forbidden, violated: .calDAV("default-calendar-needed"))
                }
                return [.defaultCalendar: try chosenCalendar(element, for: target.path, context).description]
            },
            value: { (resource, context) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.type == CollectionKind.inboxType,
                    let path = context.principals.owner(of: resource.container.location),
                    let user = try CalendarUser(path, mailDomain: services.scheduling?.mailDomain, context)
                else { return nil }
                return try user.defaultCalendar().map { [$0.href] }
            })
    }
}

/// The calendar that a client wants invitations to go to (RFC 6638 §4.3.1.2).
private func chosenCalendar(
    _ element: XMLElement, for inbox: StorePath, _ context: Context
) throws(DAVError) -> StorePath {
    let invalid = DAVError(.forbidden, violated: .calDAV("valid-schedule-default-calendar-URL"))
    guard let href = element.first(.href)?.text, let owner = context.principals.owner(of: inbox) else {
        throw invalid
    }
    let calendar: Resource
    do { calendar = try context.resource(href: href) } catch { throw invalid }
    guard calendar.isCollection, calendar.container.kind.isCalendar,
        calendar.container.location.isWithin(owner)
    else { throw invalid }
    return calendar.container.location
}

extension ContainerView {
    /// Of a principal: where its calendars are, `calendars` below it unless set otherwise.
    var calendarHomes: [StorePath] {
        let stored = metadata.list(.calendarHomeSet)
        return (stored.isEmpty ? ["calendars"] : stored).compactMap { StorePath(below: path, $0) }
    }
}

extension StorePath {
    /// Reads a path as settings have it: from the root when it begins with a slash, else below `base`.
    ///
    /// Nil when a segment cannot be a name.
    init?(below base: StorePath?, _ text: String) {
        var names = text.utf8.first == UInt8(ascii: "/") ? [] : base?.names ?? []
        for segment in text.utf8.split(separator: UInt8(ascii: "/")) {
            guard let name = ItemName(String(decoding: segment, as: UTF8.self)) else { return nil }
            names.append(name)
        }
        self.init(names)
    }
}
