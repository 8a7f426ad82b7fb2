public import HTTP
import Store
public import XML

/// All features of the server.
public final class FeatureSet {
    /// The features in order.
    public let features: [Feature]
    /// Prefixes for writing XML.
    public let prefixes: [(namespace: Namespace, prefix: String)]
    private let properties: [ElementName: (property: LiveProperty, tags: Tags)]
    private let reports: [ElementName: Report]
    private let methods: [Method: MethodHandler]
    private let kinds: [String: CollectionKind]
    /// All properties, those of earlier features first.
    public let allProperties: [LiveProperty]
    /// The value of the `DAV` field (RFC 4918 §10.1).
    public let davTokens: String
    /// All privileges.
    public let privileges: PrivilegeTree
    let searchable: [(name: ElementName, description: String)]
    let grants: [Feature.Grants]
    let groups: [Feature.Groups]
    /// Whether changes of objects of any kind have consequences.
    let haveConsequences: Bool
    private let allReports: [Report]
    /// A writer that has begun a `DAV:multistatus`.
    let multistatus: XMLWriter
    private let endings: [(ending: String, kind: CollectionKind)]

    /// Makes the set; of two properties, reports, methods or kinds with one name the later counts.
    public init(_ features: [Feature]) {
        self.features = features
        self.prefixes = [(namespace: .dav, prefix: "D")] + features.flatMap(\.prefixes)
        self.allProperties = features.flatMap(\.properties)
        self.allReports = features.flatMap(\.reports)
        self.privileges = PrivilegeTree(features.flatMap(\.privileges))
        self.grants = features.compactMap(\.grants)
        self.groups = features.compactMap(\.groups)
        self.searchable = features.flatMap(\.searchable)
        self.haveConsequences = features.flatMap(\.kinds).contains { $0.changes != nil }
        self.davTokens = features.flatMap(\.tokens).joined(separator: ", ")
        self.endings = features.flatMap(\.kinds).flatMap { kind in kind.nameEndings.map { ($0, kind) } }
        var writer = XMLWriter(prefixes: prefixes)
        writer.start(.dav("multistatus"))
        let begun = writer
        self.multistatus = begun
        self.properties = Dictionary(allProperties.map { ($0.name, ($0, begun.tags(of: $0.name))) }) { $1 }
        self.reports = Dictionary(allReports.map { ($0.name, $0) }) { $1 }
        self.methods = Dictionary(features.flatMap(\.methods).map { ($0.method, $0) }) { $1 }
        self.kinds = Dictionary(features.flatMap(\.kinds).map { ($0.type, $0) }) { $1 }
    }

    /// The property of that name.
    public func property(_ name: ElementName) -> LiveProperty? { properties[name]?.property }

    /// The start and the end of an element.
    typealias Tags = (start: [UInt8], end: [UInt8])

    /// The property of that name, and how its element is written; that of a property that is not known is, too.
    func element(_ name: ElementName) -> (property: LiveProperty?, tags: Tags) {
        properties[name].map { ($0.property, $0.tags) } ?? (nil, multistatus.tags(of: name))
    }

    /// The report of that name.
    public func report(_ name: ElementName) -> Report? { reports[name] }

    /// All reports that can be asked of `resource`.
    public func reports(on resource: Resource) -> [Report] {
        allReports.filter { $0.applies(resource) }
    }

    /// What answers `method`.
    public func handler(for method: Method) -> MethodHandler? { methods[method] }

    /// The value of the `Allow` field for a resource or, with nil, for a URL without one (RFC 9110 §10.2.1).
    public func allow(on resource: Resource?) -> String {
        methods.values.filter { $0.applies(resource) }.map(\.method.description).sorted().joined(
            separator: ", ")
    }

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
        let items: Items
        do throws(DAVError) {
            items = try container.snapshot().items
        } catch {
            container.logUnreadable(error)
            return .plain
        }
        for item in items.reversed() {
            if let found = endings.first(where: { item.name.hasEnding($0.ending) }) { return found.kind }
        }
        return .plain
    }
}
