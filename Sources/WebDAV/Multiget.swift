public import HTTP
import Store
import XML

extension Context {
    /// Answers a report about resources that the client names by their hrefs (RFC 4791 §7.9, RFC 6352 §8.7).
    ///
    /// `Depth` says nothing in such a report, and clients send all of its values. Resources outside of the collection that
    /// is asked are answered too where the user may read them. A resource is answered once, however often it is named;
    /// what cannot be answered is told by its href as the client sent it, for that is how the client knows it.
    ///
    /// - Parameters:
    ///   - request: the report.
    ///   - selection: the properties that it asks for.
    ///   - accepts: whether a resource is one that the report is about; any other is answered with 404.
    /// - Returns: a 207.
    /// - Throws: 400 when a collection is asked and no resource named.
    public func multiget(
        _ request: ReportRequest, _ selection: PropertySelection, where accepts: @escaping (Resource) -> Bool
    ) throws(DAVError) -> Response {
        var hrefs = request.body.all(.href).map { $0.text.trimmingWhitespace }
        if hrefs.isEmpty {
            guard !request.resource.isCollection else {
                throw DAVError(.badRequest, message: "A multiget of a collection names resources.")
            }
            hrefs = [request.resource.href]
        }
        return multistatus { (multistatus) throws(StreamError) in
            var answered: Set<Answered> = []
            for href in hrefs {
                let found = Result { () throws(DAVError) in
                    try self.resource(href: href, on: request.resource)
                }
                switch found {
                case .success(let resource) where accepts(resource):
                    guard answered.insert(Answered(resource)).inserted else { continue }
                    try multistatus.write(resource, selection)
                case .success:
                    guard answered.insert(.other(Array(href.utf8))).inserted else { continue }
                    try multistatus.write(href: href, .notFound)
                case .failure(let error):
                    guard answered.insert(.other(Array(href.utf8))).inserted else { continue }
                    if let details = error.details { self.log("\(href): \(details)") }
                    try multistatus.write(href: href, error.status, violated: error.condition)
                }
            }
        }
    }
}

/// What a multiget has answered already.
private enum Answered: Hashable {
    case resource(ObjectIdentifier, ItemName?)
    /// What no resource was found for, or none that the report is about.
    case other([UInt8])

    init(_ resource: Resource) {
        self = .resource(ObjectIdentifier(resource.container), resource.item?.name)
    }
}
