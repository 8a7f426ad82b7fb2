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
