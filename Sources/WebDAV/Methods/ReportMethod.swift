import HTTP
import XML

extension MethodHandler {
    /// REPORT (RFC 3253 §3.6).
    static var report: MethodHandler {
        MethodHandler(
            .report, applies: { $0 != nil },
            handle: { (request, path, context) throws(DAVError) in
                let resource: Resource
                do throws(DAVError) {
                    resource = try context.resource(at: path, needs: [])
                } catch {
                    guard error.isAboutPrivileges, let body = try request.xmlBody(context),
                        let report = context.features.report(body.name)
                    else { throw error }
                    throw error.hidden(from: report)
                }
                let depth = try request.depth()
                guard let body = try request.xmlBody(context) else {
                    throw DAVError(.badRequest, message: "A report needs a body.")
                }
                guard let report = context.features.report(body.name), report.applies(resource) else {
                    throw DAVError(.forbidden, violated: .dav("supported-report"))
                }
                do throws(DAVError) {
                    try context.require(report.needs, on: resource.container)
                } catch {
                    throw error.hidden(from: report)
                }
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

extension DAVError {
    /// The error as those are told it who lack a privilege for `report`.
    fileprivate func hidden(from report: Report) -> DAVError {
        report.hidesWithoutPrivileges && isAboutPrivileges ? DAVError(.notFound) : self
    }

    fileprivate var isAboutPrivileges: Bool { condition?.element.name == .dav("need-privileges") }
}
