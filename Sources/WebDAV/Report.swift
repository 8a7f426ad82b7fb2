public import HTTP
public import XML

/// A report (RFC 3253 §3.6).
public struct Report {
    /// The root element of its request.
    public let name: ElementName
    /// Whether it can be asked of a resource; `DAV:supported-report-set` follows it.
    public let applies: (Resource) -> Bool
    /// What the user must be allowed to do with the resource.
    public let needs: Privileges
    /// Whether a resource is told to be missing to those who lack what the report needs.
    public let hidesWithoutPrivileges: Bool
    /// Answers it.
    public let handle: (ReportRequest, Context) throws(DAVError) -> Response

    /// Makes a report.
    public init(
        _ name: ElementName, needs: Privileges = .read, hidesWithoutPrivileges: Bool = false,
        applies: @escaping (Resource) -> Bool,
        handle: @escaping (ReportRequest, Context) throws(DAVError) -> Response
    ) {
        self.name = name
        self.needs = needs
        self.hidesWithoutPrivileges = hidesWithoutPrivileges
        self.applies = applies
        self.handle = handle
    }
}

/// A request for a report.
public struct ReportRequest {
    /// The resource it is asked of.
    public let resource: Resource
    /// The body.
    public let body: XMLElement
    /// How far the report reaches, as the `Depth` field says; nil when absent.
    ///
    /// RFC 3253 §3.6 takes that for 0; clients that leave it out mean what their
    /// report is good for, so each report decides.
    public let depth: Depth?
    /// The header fields.
    public let fields: Fields
}
