import ContentLine
import HTTP
import ICalendar
import Store
import WebDAV
import XML

extension CalendarServices {
    /// The types of component that a calendar takes (RFC 4791 §5.2.3).
    func supportedComponents(_ metadata: Metadata) -> [String] {
        let stored = metadata.list(.supportedComponents)
        return stored.isEmpty ? CalendarObject.Kind.allCases.map(\.rawValue) : stored
    }
}

extension LiveProperty {
    /// The types of component that objects of the calendar can have (RFC 4791 §5.2.3).
    ///
    /// It can be set as the calendar is made, and never again.
    static func supportedCalendarComponentSet(_ services: CalendarServices) -> LiveProperty {
        .elements(
            .calDAV("supported-calendar-component-set"),
            change: { (element, target) throws(DAVError) in
                guard target.isNew, target.kind.isCalendar, let element else { throw .protected }
                return [.supportedComponents: try componentNames(element).joined(separator: ",")]
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection, resource.container.kind.isShownAsCalendar else { return nil }
                return services.supportedComponents(resource.container.metadata).map {
                    XMLElement(.calDAV("comp"), attributes: [(name: ElementName(.none, "name"), value: $0)])
                }
            })
    }
}

/// The names that `CALDAV:comp` elements give, in the order of `CalendarObject.Kind`.
///
/// `VTIMEZONE` and `VALARM`, which some clients list, go along with the others and mean nothing of their own.
private func componentNames(_ element: XMLElement) throws(DAVError) -> [String] {
    let asked = element.all(.calDAV("comp")).compactMap { $0.attribute("name") }
    let known = CalendarObject.Kind.allCases.map(\.rawValue)
    let unknown = asked.filter { name in !(known + ["VTIMEZONE", "VALARM"]).contains { name.isName($0) } }
    let names = known.filter { name in asked.contains { $0.isName(name) } }
    guard unknown.isEmpty, !names.isEmpty else {
        throw DAVError(
            .forbidden, violated: .calDAV("supported-calendar-component"),
            message: "A calendar can take \(known.joined(separator: ", ")).")
    }
    return names
}
