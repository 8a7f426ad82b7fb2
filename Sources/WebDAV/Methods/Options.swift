public import HTTP

extension MethodHandler {
    /// OPTIONS (RFC 9110 §9.3.7, RFC 4918 §10.1).
    static var options: MethodHandler {
        MethodHandler(
            .options, applies: { _ in true },
            handle: { (_, path, context) throws(DAVError) in
                let resource: Resource? =
                    switch try context.target(at: path) {
                    case .resource: try context.resource(at: path)
                    case .vacant: nil
                    }
                return context.features.optionsResponse(for: resource)
            })
    }
}

extension FeatureSet {
    /// The answer to OPTIONS for a resource or, with nil, for a URL without one.
    public func optionsResponse(for resource: Resource?) -> Response {
        Response(.ok, fields: ["DAV": davTokens, "Allow": allow(on: resource)], body: .bytes([]))
    }
}
