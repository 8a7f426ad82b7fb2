import HTTP
import Store
import WebDAV
import XML

/// Properties of calendars that are kept elsewhere.
extension LiveProperty {
    static var subscriptionProperties: [LiveProperty] {
        [
            .hrefs(
                .calendarServer("source"),
                change: { (element, target) throws(DAVError) in
                    guard target.kind.type == CollectionKind.subscriptionType else { throw .protected }
                    return [.source: (element?.first(.href) ?? element)?.text.trimmingWhitespace]
                },
                value: { (resource, _) throws(DAVError) in
                    guard resource.isCollection,
                        resource.container.kind.type == CollectionKind.subscriptionType
                    else { return nil }
                    return resource.container.metadata[.source].map { [$0] }
                }),
            .setting(.calendarServer("refreshrate"), key: .refreshRate) { $0.kind.isShownAsCalendar },
        ]
    }
}
