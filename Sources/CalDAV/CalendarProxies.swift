import HTTP
import Store
public import WebDAV
import XML

extension Feature {
    /// Principals who act for others in their calendars (calendarserver.org, “Calendar User Proxy Functionality”).
    ///
    /// Each principal has two groups within it, one for those who may read its calendars, and one for those who may
    /// change them too; clients set their members.
    public static var calendarProxies: Feature {
        Feature(
            tokens: ["calendar-proxy"],
            properties: [
                .proxies("calendar-proxy-read-for", .read), .proxies("calendar-proxy-write-for", .write),
            ],
            grants: { (container, isTarget, context) in
                CalendarProxy.grants(on: container, isTarget: isTarget, context)
            },
            groups: { (principal, context) in CalendarProxy.allCases.map { $0.group(of: principal, context) }
            })
    }
}

/// What those who act for a principal may do with its calendars.
private enum CalendarProxy: String, CaseIterable {
    case read = "calendar-proxy-read"
    case write = "calendar-proxy-write"

    /// The setting of the principal that has the members.
    var key: MetadataKey { MetadataKey(rawValue) }

    /// Where the group of the principal at `path` is.
    func path(within path: StorePath) -> StorePath {
        ItemName(rawValue).map(path.appending) ?? path
    }

    func group(of principal: ContainerView, _ context: Context) -> ContainerView {
        let key = key
        return ContainerView(
            virtual: CollectionKind(
                type: rawValue, resourceTypes: [.dav("principal"), .calendarServer(rawValue)],
                isPrincipal: true, membersKey: key),
            at: path(within: principal.path), settingsOf: principal.path,
            { settings in
                var own: Metadata = [.groupMemberSet: settings[key] ?? ""]
                own[.displayName] = rawValue
                return own
            }, context: context)
    }

    /// What both groups may do on `container`, or in it.
    static func grants(on container: ContainerView, isTarget: Bool, _ context: Context) -> [ACE] {
        if container.isVirtual {
            return isTarget ? [ACE(.itself, [.dav("read"), .dav("read-current-user-privilege-set")])] : []
        }
        guard let owner = context.principals.owner(of: container.location),
            let principal = context.known(owner)
        else { return [] }
        return allCases.reversed().flatMap { proxy in
            let names = proxy.names(on: container, of: principal, isTarget: isTarget)
            guard principal.metadata[proxy.key] != nil, !names.isEmpty else { return [ACE]() }
            return [ACE(.path(proxy.path(within: owner)), names)]
        }
    }

    private func names(
        on container: ContainerView, of principal: ContainerView, isTarget: Bool
    ) -> [ElementName] {
        let seen: [ElementName] = [.dav("read"), .dav("read-current-user-privilege-set")]
        if container.path == principal.path { return isTarget ? seen : [] }
        if principal.calendarHomes.contains(container.path) {
            return self == .write ? seen + [.dav("write"), .dav("unlock")] : seen
        }
        guard self == .write, container.path.parent == principal.path else { return [] }
        switch container.kind.type {
        case CollectionKind.inboxType: return seen + [.dav("write"), .calDAV("schedule-deliver")]
        case CollectionKind.outboxType: return seen + [.calDAV("schedule-send")]
        default: return []
        }
    }
}

extension LiveProperty {
    /// The principals whose calendars this one may see or change, by groups too (§5.3).
    fileprivate static func proxies(_ property: String, _ proxy: CalendarProxy) -> LiveProperty {
        .hrefs(.calendarServer(property)) { (resource, context) throws(DAVError) in
            guard let user = resource.principal, !user.isVirtual else { return nil }
            return try context.allPrincipals().filter { principal in
                principal.metadata[proxy.key] != nil
                    && context.isMember(user.path, of: proxy.path(within: principal.path))
            }.map(\.href)
        }
    }
}

extension Context {
    /// The container at `path`; nil when there is none, or it cannot be looked at, which the log tells.
    fileprivate func known(_ path: StorePath) -> ContainerView? {
        do throws(DAVError) {
            return try container(at: path)
        } catch {
            log("\(path): \(error.details ?? error.status.description)")
            return nil
        }
    }
}
