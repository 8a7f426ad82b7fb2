public import HTTP
public import Store
public import XML

/// What a kind of collection is: how it is marked, what it takes, what its objects are.
///
/// This is how calendars and address books tell WebDAV their own rules, so that WebDAV mentions neither.
public struct CollectionKind {
    /// Finds the UID of a stored object; nil when it has none or cannot be read.
    ///
    /// The bytes are asked for only when the version is one that the kind does not remember.
    public typealias UIDReader =
        (_ version: ItemVersion, _ bytes: () throws(DAVError) -> [UInt8]) throws(DAVError) -> String?

    /// The value of the `type` setting (kept in the repository).
    public let type: String
    /// Elements of `DAV:resourcetype` besides `DAV:collection`.
    public let resourceTypes: [ElementName]
    /// Endings of the names of its objects, with the dot, lower case; a collection without a `type` is of the kind of
    /// the last of its items that has one.
    public let nameEndings: [String]
    /// The media type of its objects, nil when it depends on the name.
    public let mediaType: String?
    /// The condition that a collection within a collection of this kind violates; nil when they are welcome.
    public let nestingViolates: Condition?
    /// The condition that an object with a UID in use violates.
    public let uidConflict: (_ href: String) -> Condition?
    /// Checks what is about to be stored; nil takes everything.
    public let check: ((ObjectCandidate) throws(DAVError) -> CheckedObject)?
    /// Finds the UID of a stored object, nil when its objects have none.
    public let uid: UIDReader?
    /// All objects of a collection as one document, for a GET of the collection.
    public let export: ((Resource, Context) throws(DAVError) -> Export)?

    /// Makes a kind.
    public init(
        type: String, resourceTypes: [ElementName], nameEndings: [String] = [], mediaType: String? = nil,
        nestingViolates: Condition? = nil, uidConflict: @escaping (String) -> Condition? = { _ in nil },
        check: ((ObjectCandidate) throws(DAVError) -> CheckedObject)? = nil,
        uid: UIDReader? = nil,
        export: ((Resource, Context) throws(DAVError) -> Export)? = nil
    ) {
        self.type = type
        self.resourceTypes = resourceTypes
        self.nameEndings = nameEndings
        self.mediaType = mediaType
        self.nestingViolates = nestingViolates
        self.uidConflict = uidConflict
        self.check = check
        self.uid = uid
        self.export = export
    }

    /// A collection of anything (`other`, and every type that is not known).
    public static var plain: CollectionKind { CollectionKind(type: "other", resourceTypes: []) }
    /// A collection that is a principal.
    public static var principal: CollectionKind {
        CollectionKind(type: "principal", resourceTypes: [.dav("principal")])
    }
}

/// Bytes that are to be stored in a collection.
public struct ObjectCandidate {
    /// The name they are to have.
    public let name: ItemName
    /// The bytes.
    public let bytes: [UInt8]
    /// The media type the client gave, lower case and without parameters; nil when it gave none or only
    /// `application/octet-stream`.
    public let mediaType: String?
    /// The settings of the collection.
    public let metadata: Metadata
    /// The context of the request.
    public let context: Context
}

/// What a check learnt of an object.
public struct CheckedObject {
    /// The object's UID, nil when it has none.
    public let uid: String?
    /// What people call it, for the history.
    public let title: String?

    /// Makes it of its parts.
    public init(uid: String?, title: String?) {
        self.uid = uid
        self.title = title
    }
}

/// A whole collection as one document.
public struct Export {
    /// Its media type.
    public let contentType: String
    /// Makes its bytes, piece by piece.
    public let write: (_ emit: ([UInt8]) throws(StreamError) -> Void) throws(StreamError) -> Void

    /// Makes an export.
    public init(
        contentType: String,
        write: @escaping (([UInt8]) throws(StreamError) -> Void) throws(StreamError) -> Void
    ) {
        self.contentType = contentType
        self.write = write
    }
}
