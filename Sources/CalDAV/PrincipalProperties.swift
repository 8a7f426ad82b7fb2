import HTTP
import Store
import WebDAV
import XML

/// Properties of principals that lead clients to calendars (RFC 4791 §6.2, RFC 6638 §2.4).
extension LiveProperty {
    static var principalProperties: [LiveProperty] {
        [
            .calendarHomeSet, .calendarUserAddressSet, .calendarUserType,
            .schedulingCollection("schedule-inbox-URL", named: "inbox"),
            .schedulingCollection("schedule-outbox-URL", named: "outbox"),
            .scheduleDefaultCalendar,
        ]
    }

    /// The collections that calendars are made in (RFC 4791 §6.2.1).
    private static var calendarHomeSet: LiveProperty {
        .hrefs(.calDAV("calendar-home-set")) { (resource, context) throws(DAVError) in
            guard let principal = resource.principal else { return nil }
            return principal.calendarHomes.map { context.href(of: $0) }
        }
    }

    /// By which addresses invitations call the principal (RFC 6638 §2.4.1).
    private static var calendarUserAddressSet: LiveProperty {
        .hrefs(.calDAV("calendar-user-address-set")) { (resource, context) throws(DAVError) in
            guard let principal = resource.principal else { return nil }
            var addresses = principal.metadata.list(.calendarUserAddresses)
            if addresses.isEmpty, let login = context.login(of: principal), looksLikeAddress(login) {
                addresses = ["mailto:\(login)"]
            }
            return addresses + [principal.href]
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
    private static var scheduleDefaultCalendar: LiveProperty {
        .hrefs(.calDAV("schedule-default-calendar-URL")) { (resource, context) throws(DAVError) in
            guard resource.isCollection, resource.container.kind.type == CollectionKind.inboxType,
                let path = context.principals.owner(of: resource.container.path),
                let principal = try context.container(at: path)
            else { return nil }
            return try defaultCalendar(of: principal, context).map { [$0.href] }
        }
    }
}

/// The calendar as set, else the first one in the homes.
private func defaultCalendar(
    of principal: ContainerView, _ context: Context
) throws(DAVError) -> ContainerView? {
    if let set = principal.metadata[.defaultCalendar], let calendar = calendar(at: set, context) {
        return calendar
    }
    for home in principal.calendarHomes {
        guard let home = try context.container(at: home) else { continue }
        if let calendar = try home.children().first(where: \.kind.isCalendar) { return calendar }
    }
    return nil
}

/// The calendar at a path below the prefix, nil when it is there no more.
private func calendar(at path: String, _ context: Context) -> ContainerView? {
    do throws(DAVError) {
        let container = try context.resource(href: context.prefix.description + path).container
        return container.kind.isCalendar ? container : nil
    } catch {
        return nil
    }
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

extension Context {
    /// The login of a principal, as far as it is known.
    fileprivate func login(of principal: ContainerView) -> String? {
        if user == principal.path { return author.remoteUser }
        return principal.path.names.lazy.map(\.description)
            .first { principals.principal(of: $0) == principal.path }
    }
}

/// Whether a login is a mail address too.
private func looksLikeAddress(_ login: String) -> Bool {
    let parts = login.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        && login.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }
}
