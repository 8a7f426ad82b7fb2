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
    /// Its privileges, an aggregate before its parts (RFC 3744 §5.3).
    public let privileges: [SupportedPrivilege]
    /// Properties that principals can be searched by, with their names in English (RFC 3744 §9.5).
    public let searchable: [(name: ElementName, description: String)]
    /// What it grants on a container besides what access control lists say; nil when nothing.
    public let grants: Grants?
    /// Makes the groups that a principal has within it; nil when it has none.
    public let groups: Groups?

    /// Grants on a container; the flag says whether they are for it, or for what is in it.
    public typealias Grants = (ContainerView, _ isTarget: Bool, Context) -> [ACE]
    /// Groups of a principal, which are containers that are not in the store.
    public typealias Groups = (ContainerView, Context) -> [ContainerView]

    /// Makes a feature.
    public init(
        tokens: [String] = [], prefixes: [(namespace: Namespace, prefix: String)] = [],
        methods: [MethodHandler] = [], properties: [LiveProperty] = [], reports: [Report] = [],
        kinds: [CollectionKind] = [], privileges: [SupportedPrivilege] = [], grants: Grants? = nil,
        groups: Groups? = nil, searchable: [(name: ElementName, description: String)] = []
    ) {
        self.tokens = tokens
        self.prefixes = prefixes
        self.methods = methods
        self.properties = properties
        self.reports = reports
        self.kinds = kinds
        self.privileges = privileges
        self.grants = grants
        self.groups = groups
        self.searchable = searchable
    }
}
