import HTTP
import XML

extension Feature {
    /// MKCOL with properties (RFC 5689).
    public static var extendedMkCol: Feature {
        Feature(tokens: ["extended-mkcol"], methods: [.mkCol])
    }
}

extension MethodHandler {
    /// MKCOL (RFC 4918 §9.3), extended with properties (RFC 5689).
    static var mkCol: MethodHandler {
        MethodHandler(
            .mkCol, applies: { $0 == nil },
            handle: { (request, path, context) throws(DAVError) in
                guard case .vacant(let vacancy) = try context.target(at: path) else {
                    // RFC 4918 §9.3.1: only an unmapped URL.
                    throw DAVError(.methodNotAllowed, message: "There is a resource at this URL already.")
                }
                let body = try request.xmlBody(context)
                if let body, body.name != .dav("mkcol") {
                    throw DAVError(.unsupportedMediaType, message: "The body must be a DAV:mkcol element.")
                }
                return try CollectionCreation(
                    kind: nil, responseName: .dav("mkcol-response"),
                    update: body.map(PropertyUpdate.init) ?? PropertyUpdate()
                ).make(at: vacancy, context)
            })
    }
}
