import HTTP
import Scheduling
import Store
import WebDAV

/// Finds principals by their calendar user addresses.
///
/// What is remembered is only where to look first: an address counts when the principal has it now. New principals are
/// noticed at once, a new address of one that is there within a minute.
final class PrincipalDirectory {
    private var paths: [CalendarUserAddress: StorePath] = [:]
    private var names: [ItemName] = []
    private var readAt: Int64 = .min
    private static let secondsToKeep: Int64 = 60

    /// The user with an address, nil when nobody on this server has it.
    func user(
        _ address: CalendarUserAddress, _ services: SchedulingServices, _ context: Context
    ) throws(DAVError) -> CalendarUser? {
        for path in likelyPaths(of: address, services, context) {
            if let user = try user(at: path, with: address, services, context) { return user }
        }
        try readAll(services, context)
        guard let path = paths[address] else { return nil }
        return try user(at: path, with: address, services, context)
    }

    private func user(
        at path: StorePath, with address: CalendarUserAddress, _ services: SchedulingServices,
        _ context: Context
    ) throws(DAVError) -> CalendarUser? {
        guard context.principals.isPrincipal(path),
            let user = try CalendarUser(path, mailDomain: services.mailDomain, context),
            user.addresses.contains(address)
        else { return nil }
        return user
    }

    /// Where a principal with this address would be, by the address alone or by what was seen.
    private func likelyPaths(
        of address: CalendarUserAddress, _ services: SchedulingServices, _ context: Context
    ) -> [StorePath] {
        var found: [StorePath] = []
        if let known = paths[address] { found.append(known) }
        if let text = address.path, let path = Self.path(text, below: context.prefix) { found.append(path) }
        if let mail = address.mailAddress {
            let parts = mail.utf8.split(separator: UInt8(ascii: "@"))
            let local = parts.first.map { String(Substring($0)) }
            for login in [mail, local].compactMap(\.self) {
                if let path = context.principals.principal(of: login) { found.append(path) }
            }
        }
        return found
    }

    private static func path(_ text: String, below prefix: Path) -> StorePath? {
        let names = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        guard names.starts(with: prefix.segments) else { return nil }
        let rest = names.dropFirst(prefix.segments.count).map { ItemName($0) }
        guard rest.allSatisfy({ $0 != nil }) else { return nil }
        return StorePath(rest.compactMap(\.self))
    }

    private func readAll(_ services: SchedulingServices, _ context: Context) throws(DAVError) {
        let all: [StorePath]
        var names: [ItemName] = []
        switch context.principals {
        case .single(let path): all = [path]
        case .multiple(let prefix, _):
            names = try storing { () throws(StoreError) in try context.store.children(of: prefix) }
            all = names.compactMap { context.principals.principal(of: $0.description) }
        }
        guard names != self.names || context.now - Self.secondsToKeep >= readAt || readAt == .min else {
            return
        }
        self.names = names
        readAt = context.now
        paths = [:]
        for path in all {
            guard let user = try CalendarUser(path, mailDomain: services.mailDomain, context) else {
                continue
            }
            for address in user.addresses where paths[address] == nil { paths[address] = path }
        }
    }
}
