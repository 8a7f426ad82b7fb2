public import HTTP
import Store
public import XML

/// A standard, or a part of one, that the server speaks: one value in one file, entered in one list.
///
/// `OPTIONS`, the `DAV` field, `Allow`, `DAV:supported-report-set` and the dispatch of requests are computed from that list.
public struct Feature {
    /// Tokens of the `DAV` field (RFC 4918 §10.1).
    public let tokens: [String]
    /// Prefixes under which its namespaces are written.
    public let prefixes: [(namespace: Namespace, prefix: String)]
    /// Its methods.
    public let methods: [MethodHandler]
    /// Its live properties.
    public let properties: [LiveProperty]
    /// Its reports.
    public let reports: [Report]
    /// Its kinds of collections.
    public let kinds: [CollectionKind]

    /// Makes a feature.
    public init(
        tokens: [String] = [], prefixes: [(namespace: Namespace, prefix: String)] = [],
        methods: [MethodHandler] = [], properties: [LiveProperty] = [], reports: [Report] = [],
        kinds: [CollectionKind] = []
    ) {
        self.tokens = tokens
        self.prefixes = prefixes
        self.methods = methods
        self.properties = properties
        self.reports = reports
        self.kinds = kinds
    }
}

/// What answers a method.
public struct MethodHandler {
    /// The method.
    public let method: Method
    /// Whether `Allow` names it for a resource; nil stands for a URL without one.
    public let applies: (Resource?) -> Bool
    /// Answers a request.
    public let handle: (Request, Path, Context) throws(DAVError) -> Response

    /// Makes a handler.
    public init(
        _ method: Method, applies: @escaping (Resource?) -> Bool,
        handle: @escaping (Request, Path, Context) throws(DAVError) -> Response
    ) {
        self.method = method
        self.applies = applies
        self.handle = handle
    }
}

/// A report (RFC 3253 §3.6).
public struct Report {
    /// The root element of its request.
    public let name: ElementName
    /// Whether it can be asked of a resource; `DAV:supported-report-set` follows it.
    public let applies: (Resource) -> Bool
    /// Answers it.
    public let handle: (ReportRequest, Context) throws(DAVError) -> Response

    /// Makes a report.
    public init(
        _ name: ElementName, applies: @escaping (Resource) -> Bool,
        handle: @escaping (ReportRequest, Context) throws(DAVError) -> Response
    ) {
        self.name = name
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
    /// The `Depth` field, nil when absent. RFC 3253 §3.6 takes that for 0; clients that leave it out mean what their
    /// report is good for, so each report decides.
    public let depth: Depth?
    /// The header fields.
    public let fields: Fields
}

/// All features of the server.
public final class FeatureSet {
    /// The features in order.
    public let features: [Feature]
    /// Prefixes for writing XML.
    public let prefixes: [(namespace: Namespace, prefix: String)]
    private let properties: [ElementName: LiveProperty]
    private let reports: [ElementName: Report]
    private let methods: [Method: MethodHandler]
    private let kinds: [String: CollectionKind]

    /// Makes the set; of two properties, reports, methods or kinds with one name the later counts.
    public init(_ features: [Feature]) {
        self.features = features
        self.prefixes = [(namespace: .dav, prefix: "D")] + features.flatMap(\.prefixes)
        self.properties = Dictionary(features.flatMap(\.properties).map { ($0.name, $0) }) { $1 }
        self.reports = Dictionary(features.flatMap(\.reports).map { ($0.name, $0) }) { $1 }
        self.methods = Dictionary(features.flatMap(\.methods).map { ($0.method, $0) }) { $1 }
        self.kinds = Dictionary(features.flatMap(\.kinds).map { ($0.type, $0) }) { $1 }
    }

    /// The property of that name.
    public func property(_ name: ElementName) -> LiveProperty? { properties[name] }

    /// All properties, those of earlier features first.
    public var allProperties: [LiveProperty] { features.flatMap(\.properties) }

    /// The report of that name.
    public func report(_ name: ElementName) -> Report? { reports[name] }

    /// All reports that can be asked of `resource`.
    public func reports(on resource: Resource) -> [Report] {
        features.flatMap(\.reports).filter { $0.applies(resource) }
    }

    /// What answers `method`.
    public func handler(for method: Method) -> MethodHandler? { methods[method] }

    /// The value of `Allow` for a resource, nil for a URL without one (RFC 9110 §10.2.1).
    public func allow(on resource: Resource?) -> String {
        methods.values.filter { $0.applies(resource) }.map(\.method.description).sorted().joined(
            separator: ", ")
    }

    /// The value of the `DAV` field (RFC 4918 §10.1).
    public var davTokens: String { features.flatMap(\.tokens).joined(separator: ", ") }

    /// The kind with that `type`.
    public func kind(type: String) -> CollectionKind? { kinds[type] }

    /// The kind whose `DAV:resourcetype` has exactly these elements besides `DAV:collection`.
    public func kind(resourceTypes: Set<ElementName>) -> CollectionKind? {
        if resourceTypes.isEmpty { return .plain }
        return features.flatMap(\.kinds).first { Set($0.resourceTypes) == resourceTypes }
    }

    /// The kind of a collection: by its `type`; without one by its items, the last one that tells (as Xandikos does).
    func kind(of container: ContainerView) -> CollectionKind {
        guard container.storage == .collection else { return .plain }
        if let type = container.metadata[.type], !type.isEmpty { return kinds[type] ?? .plain }
        guard let items = try? container.snapshot().items else { return .plain }
        let endings = features.flatMap(\.kinds).flatMap { kind in kind.nameEndings.map { ($0, kind) } }
        for item in items.reversed() {
            let name = item.name.description.lowercased()
            if let (_, kind) = endings.first(where: { name.hasSuffix($0.0) }) { return kind }
        }
        return .plain
    }
}
