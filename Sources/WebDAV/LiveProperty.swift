import HTTP
public import Store
public import XML

/// A property whose value the server knows or keeps (RFC 4918 §4.2).
public final class LiveProperty {
    /// Writes the content of the property's element; false when the resource does not have the property.
    public typealias Getter = (PropertyQuestion, inout XMLWriter) throws(DAVError) -> Bool
    /// Settings that a new value amounts to; nil as the value removes the property.
    public typealias Setter = (XMLElement?, PropertyTarget) throws(DAVError) -> MetadataChanges

    /// The property's name.
    public let name: ElementName
    /// Whether `DAV:allprop` returns it; costly ones, and those of later standards, stay out (RFC 4918 §14.2).
    public let inAllprop: Bool
    /// Whether it is returned by reports only, as `calendar-data` is.
    public let inReportsOnly: Bool
    /// Whether it is the same for all items of a container whose names have the same ending, so that a long listing
    /// looks at one of them.
    public let isSharedByItems: Bool
    /// Whether the value of an item is its version in quotes.
    public let isQuotedVersion: Bool
    /// Tells the attributes of the property's element in answers by the element in the request; nil for none ever.
    public let attributes: ((XMLElement) -> [(name: String, value: String)])?
    let read: Getter
    let change: Setter?

    /// Makes a property whose content `read` writes.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - inAllprop: whether `DAV:allprop` returns it.
    ///   - inReportsOnly: whether only reports return it.
    ///   - isSharedByItems: whether it is the same for all items of a container whose names have the same ending.
    ///   - isQuotedVersion: whether the value of an item is its version in quotes.
    ///   - attributes: tells the attributes of its element in answers, whose values need no escapes, by the element in the
    ///     request; nil for none.
    ///   - change: what setting it amounts to; nil for a protected property.
    ///   - read: writes the content.
    public init(
        _ name: ElementName, inAllprop: Bool = false, inReportsOnly: Bool = false,
        isSharedByItems: Bool = false, isQuotedVersion: Bool = false,
        attributes: ((XMLElement) -> [(name: String, value: String)])? = nil, change: Setter? = nil,
        read: @escaping Getter
    ) {
        self.attributes = attributes
        self.name = name
        self.inAllprop = inAllprop
        self.inReportsOnly = inReportsOnly
        self.isSharedByItems = isSharedByItems
        self.isQuotedVersion = isQuotedVersion
        self.read = read
        self.change = change
    }

    /// Makes a property whose value is a text; nil when the resource does not have it.
    public static func text(
        _ name: ElementName, inAllprop: Bool = false, isSharedByItems: Bool = false, change: Setter? = nil,
        value: @escaping (Resource, Context) throws(DAVError) -> String?
    ) -> LiveProperty {
        LiveProperty(name, inAllprop: inAllprop, isSharedByItems: isSharedByItems, change: change) {
            (question, writer) throws(DAVError) in
            guard let text = try value(question.resource, question.context) else { return false }
            writer.text(text.utf8)
            return true
        }
    }

    /// Makes a property whose value is a list of `DAV:href`; nil when the resource does not have it.
    public static func hrefs(
        _ name: ElementName, inAllprop: Bool = false, change: Setter? = nil,
        value: @escaping (Resource, Context) throws(DAVError) -> [String]?
    ) -> LiveProperty {
        LiveProperty(name, inAllprop: inAllprop, change: change) { (question, writer) throws(DAVError) in
            guard let hrefs = try value(question.resource, question.context) else { return false }
            for href in hrefs { writer.element(.href, text: href) }
            return true
        }
    }

    /// Makes a property whose value is a list of elements; nil when the resource does not have it.
    public static func elements(
        _ name: ElementName, inAllprop: Bool = false, change: Setter? = nil,
        value: @escaping (Resource, Context) throws(DAVError) -> [XMLElement]?
    ) -> LiveProperty {
        LiveProperty(name, inAllprop: inAllprop, change: change) { (question, writer) throws(DAVError) in
            guard let elements = try value(question.resource, question.context) else { return false }
            for element in elements { writer.element(element) }
            return true
        }
    }

    /// Makes a property that is a setting of containers, as text.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - key: the setting.
    ///   - inAllprop: whether `DAV:allprop` returns it.
    ///   - applies: which containers have it.
    /// - Returns: the property.
    public static func setting(
        _ name: ElementName, key: MetadataKey, inAllprop: Bool = false,
        applies: @escaping (PropertyTarget) -> Bool
    ) -> LiveProperty {
        .text(
            name, inAllprop: inAllprop, isSharedByItems: true,
            change: { (element, target) throws(DAVError) in
                guard applies(target) else { throw .protected }
                return [key: element?.text]
            },
            value: { (resource, _) throws(DAVError) in
                guard resource.isCollection, applies(PropertyTarget(resource.container)) else { return nil }
                return resource.container.metadata[key]
            })
    }
}

/// A question for a property's value.
public struct PropertyQuestion {
    /// The resource.
    public let resource: Resource
    /// The property's element as it stands in the request, with what it may contain.
    public let request: XMLElement
    /// The context.
    public let context: Context
}

/// The container whose property is set; it need not exist yet.
public struct PropertyTarget {
    /// Where it is or will be.
    public let path: StorePath
    /// Its kind.
    public let kind: CollectionKind
    /// Whether it is a principal.
    public let isPrincipal: Bool
    /// Whether it is a plain directory.
    public let isDirectory: Bool
    /// Its settings so far.
    public internal(set) var metadata: Metadata
    /// Whether it is about to be made: some properties can be set then and never again.
    public let isNew: Bool
    /// The context of the request, nil for a container that is about to be made.
    public let context: Context?

    /// Whether it is not in the store.
    let isVirtual: Bool

    /// Describes a container that is there.
    public init(_ container: ContainerView) {
        self.isVirtual = container.isVirtual
        self.path = container.path
        self.kind = container.kind
        self.isPrincipal = container.isPrincipal
        self.isDirectory = container.storage == .directory
        self.metadata = container.metadata
        self.isNew = false
        self.context = container.context
    }

    /// Describes a collection that is about to be made.
    public init(path: StorePath, kind: CollectionKind) {
        self.path = path
        self.kind = kind
        self.isPrincipal = false
        self.isDirectory = false
        self.metadata = [:]
        self.isNew = true
        self.context = nil
        self.isVirtual = false
    }
}

extension DAVError {
    /// A property cannot be set by clients (RFC 4918 §16).
    public static var protected: DAVError {
        DAVError(.forbidden, violated: .dav("cannot-modify-protected-property"))
    }
}
