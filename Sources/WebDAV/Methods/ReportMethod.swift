import HTTP
import XML

extension MethodHandler {
    /// REPORT (RFC 3253 §3.6).
    static var report: MethodHandler {
        MethodHandler(
            .report, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource = try context.resource(at: path, needs: [])
                let depth = try request.depth()
                guard let body = try request.xmlBody(context) else {
                    throw DAVError(.badRequest, message: "A report needs a body.")
                }
                guard let report = context.features.report(body.name), report.applies(resource) else {
                    throw DAVError(.forbidden, violated: .dav("supported-report"))
                }
                try context.require(report.needs, on: resource.container)
                var response = try report.handle(
                    ReportRequest(resource: resource, body: body, depth: depth, fields: request.fields),
                    context)
                // RFC 8144 §2.1: every report about properties leaves out those that a resource lacks.
                if response.status == .multiStatus, Prefer(request.fields).returnMinimal {
                    response.fields.setApplied(["return=minimal"])
                }
                return response
            })
    }
}
