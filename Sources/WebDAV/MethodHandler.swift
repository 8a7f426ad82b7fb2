public import HTTP

/// What answers a method.
public struct MethodHandler {
    /// The method.
    public let method: Method
    /// Whether `Allow` names it for a resource; nil stands for a URL without one.
    public let applies: (Resource?) -> Bool
    /// Answers a request.
    public let handle: (Request, Path, Context) throws(DAVError) -> Response

    /// Makes a handler; it answers only when the `If` field of the request holds.
    public init(
        _ method: Method, applies: @escaping (Resource?) -> Bool,
        handle: @escaping (Request, Path, Context) throws(DAVError) -> Response
    ) {
        self.method = method
        self.applies = applies
        self.handle = { (request, path, context) throws(DAVError) in
            try context.locks.during(request, at: path) { () throws(DAVError) in
                try handle(request, path, context)
            }
        }
    }
}
