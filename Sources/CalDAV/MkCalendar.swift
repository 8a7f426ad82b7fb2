public import HTTP
import WebDAV
import XML

extension Method {
    /// `MKCALENDAR` (RFC 4791 §5.3.1).
    public static let mkCalendar = Method("MKCALENDAR")
}

extension MethodHandler {
    /// MKCALENDAR: a calendar with its properties, or nothing (RFC 4791 §5.3.1).
    static func mkCalendar(_ kind: CollectionKind) -> MethodHandler {
        MethodHandler(
            .mkCalendar, applies: { $0 == nil },
            handle: { (request, path, context) throws(DAVError) in
                guard case .vacant(let vacancy) = try context.target(at: path) else {
                    // RFC 4791 §5.3.1: not 405, as MKCOL has it.
                    throw DAVError(.forbidden, violated: .dav("resource-must-be-null"))
                }
                let body = try request.xmlBody(context)
                if let body, body.name != .calDAV("mkcalendar") {
                    throw DAVError(
                        .unsupportedMediaType, message: "The body must be a CALDAV:mkcalendar element.")
                }
                return try CollectionCreation(
                    kind: kind, responseName: .calDAV("mkcalendar-response"),
                    update: body.map(PropertyUpdate.init) ?? PropertyUpdate()
                ).make(at: vacancy, context)
            })
    }
}
