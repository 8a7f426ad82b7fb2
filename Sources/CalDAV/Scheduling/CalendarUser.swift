import HTTP
import Scheduling
import Store
import WebDAV

/// A principal as a calendar user (RFC 6638 §2.4).
struct CalendarUser {
    /// The principal.
    let principal: ContainerView
    /// All addresses that mean the user.
    let addresses: Set<CalendarUserAddress>
    private let context: Context

    /// The calendar user at `path`; nil when there is no principal.
    init?(_ path: StorePath, mailDomain: String?, _ context: Context) throws(DAVError) {
        guard let principal = try context.container(at: path) else { return nil }
        self.principal = principal
        self.context = context
        self.addresses = Set(
            context.calendarUserAddresses(of: principal, mailDomain: mailDomain).map {
                CalendarUserAddress($0)
            })
    }

    /// All calendars of the user, in the order of the homes and of the names.
    func calendars() throws(DAVError) -> [ContainerView] {
        var calendars: [ContainerView] = []
        for home in principal.calendarHomes where try context.container(at: home) != nil {
            let names = try storing { () throws(StoreError) in try context.store.children(of: home) }
            for name in names {
                guard let child = try context.container(at: home.appending(name)), child.kind.isCalendar
                else {
                    continue
                }
                calendars.append(child)
            }
        }
        return calendars
    }

    /// The collections that the calendars of the user are in.
    func homes() throws(DAVError) -> [ContainerView] {
        var homes: [ContainerView] = []
        for path in principal.calendarHomes {
            if let home = try context.container(at: path) { homes.append(home) }
        }
        return homes
    }

    /// The calendar that takes invitations: the one that is set, else the first (RFC 6638 §4.3).
    func defaultCalendar() throws(DAVError) -> ContainerView? {
        if let chosen = try chosenCalendar() { return chosen }
        return try calendars().first
    }

    /// The calendar that is set to take invitations, while it is there.
    func chosenCalendar() throws(DAVError) -> ContainerView? {
        let inbox = try inbox()
        let chosen = inbox?.metadata[.defaultCalendar] ?? principal.metadata[.defaultCalendar]
        guard let path = chosen.flatMap({ StorePath(below: nil, $0) }), path.isWithin(principal.path),
            let calendar = try context.container(at: path), calendar.kind.isCalendar
        else { return nil }
        return calendar
    }

    /// The collection where messages arrive.
    func inbox() throws(DAVError) -> ContainerView? { try collection("inbox") }

    /// The collection where requests for busy time are sent to.
    func outbox() throws(DAVError) -> ContainerView? { try collection("outbox") }

    private func collection(_ name: String) throws(DAVError) -> ContainerView? {
        guard let name = ItemName(name),
            let found = try context.container(at: principal.path.appending(name)),
            found.storage == .collection
        else { return nil }
        return found
    }
}

extension Context {
    /// By which addresses invitations call a principal, the best one first (RFC 6638 §2.4.1).
    func calendarUserAddresses(of principal: ContainerView, mailDomain: String?) -> [String] {
        var addresses = principal.metadata.list(.calendarUserAddresses)
        if addresses.isEmpty, let login = login(of: principal) {
            if looksLikeAddress(login) {
                addresses = ["mailto:\(login)"]
            } else if let mailDomain, looksLikeAddress("\(login)@\(mailDomain)") {
                addresses = ["mailto:\(login)@\(mailDomain)"]
            }
        }
        return addresses + [principal.href]
    }

    /// The login of a principal, as far as it is known.
    private func login(of principal: ContainerView) -> String? {
        let names = principal.path.names.lazy.map(\.description)
        if let name = names.first(where: { principals.principal(of: $0) == principal.path }) {
            return principals.isPrincipal(principal.path) && isMultiUser ? name : author.remoteUser ?? name
        }
        return user == principal.path ? author.remoteUser : nil
    }

    /// Whether each user has a principal of their own.
    var isMultiUser: Bool {
        switch principals {
        case .single: false
        case .multiple: true
        }
    }
}

/// Whether a login is a mail address too.
private func looksLikeAddress(_ login: String) -> Bool {
    let parts = login.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        && login.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: ",") }
}
