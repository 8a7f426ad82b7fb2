import HTTP
import Store

extension MethodHandler {
    /// UNLOCK (RFC 4918 §9.11).
    static var unlock: MethodHandler {
        MethodHandler(
            .unlock, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path, needs: [])
                guard let field = request.fields["Lock-Token"]?.trimmingWhitespace,
                    field.utf8.first == UInt8(ascii: "<"), field.utf8.last == UInt8(ascii: ">")
                else { throw DAVError(.badRequest, message: "There is no Lock-Token.") }
                let token = String(field.dropFirst().dropLast())
                let locks = try context.locks.held(exclusively: true)
                guard let lock = locks.first(where: { $0.token == token && $0.covers(resource.location) })
                else {
                    // RFC 4918 §9.11.1.
                    throw DAVError(.conflict, violated: .dav("lock-token-matches-request-uri"))
                }
                // RFC 3744 §3.5: who did not make the lock needs a privilege to take it away.
                if lock.holder != context.user { try context.require(.unlock, on: resource.container) }
                try context.locks.change { $0.removeAll { $0.token == token } }
                return Response(.noContent)
            })
    }
}
