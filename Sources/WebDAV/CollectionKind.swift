public import HTTP
public import Store
public import XML

/// What a kind of collection is: how it is marked, what it takes, what its objects are.
///
/// This is how calendars and address books tell WebDAV their own rules, so that WebDAV mentions neither. It is an object, as
/// a request looks at it again and again, and it has much to copy.
public final class CollectionKind {
    /// Finds the UIDs in a collection of the kind, in one of its snapshots.
    public typealias UIDReader =
        (ContainerView, any Snapshot, Context) throws(DAVError) -> CollectionUIDs

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
    /// Whether it is a principal.
    public let isPrincipal: Bool
    /// Where a principal keeps collections of the kind, and sees those that others share; nil when there is no such
    /// place.
    public let home: ((ContainerView) -> StorePath?)?
    /// Of a group whose members clients may set: where they are kept, with the settings of the principal.
    public let membersKey: MetadataKey?
    /// Finds the UIDs in a collection, nil when its objects have none.
    public let uids: UIDReader?
    /// All objects of a collection as one document, for a GET of the collection.
    public let export: ((Resource, Context) throws(DAVError) -> Export)?
    /// In which other forms its objects can be had, nil when in none.
    public let forms: MediaForms?
    /// What follows from changes of its objects, nil when nothing does.
    public let changes: ChangeRules?
    /// How its objects differ with what the client asks for, nil when they never do.
    public let tailoring: Tailoring?
    /// Finds the objects in a document that may have many of them; nil where a document is one object.
    public let split: (([UInt8]) throws(DAVError) -> [ImportedObject])?
    /// Answers a POST to a collection, nil when a POST adds a member (RFC 5995).
    public let post: ((Request, Resource, Context) throws(DAVError) -> Response)?

    /// Makes a kind.
    public init(
        type: String, resourceTypes: [ElementName], nameEndings: [String] = [], mediaType: String? = nil,
        nestingViolates: Condition? = nil, uidConflict: @escaping (String) -> Condition? = { _ in nil },
        check: ((ObjectCandidate) throws(DAVError) -> CheckedObject)? = nil,
        uids: UIDReader? = nil,
        export: ((Resource, Context) throws(DAVError) -> Export)? = nil, forms: MediaForms? = nil,
        isPrincipal: Bool = false, home: ((ContainerView) -> StorePath?)? = nil,
        membersKey: MetadataKey? = nil, changes: ChangeRules? = nil,
        tailoring: Tailoring? = nil,
        split: (([UInt8]) throws(DAVError) -> [ImportedObject])? = nil,
        post: ((Request, Resource, Context) throws(DAVError) -> Response)? = nil
    ) {
        self.forms = forms
        self.changes = changes
        self.tailoring = tailoring
        self.split = split
        self.post = post
        self.type = type
        self.resourceTypes = resourceTypes
        self.nameEndings = nameEndings
        self.mediaType = mediaType
        self.nestingViolates = nestingViolates
        self.uidConflict = uidConflict
        self.check = check
        self.uids = uids
        self.export = export
        self.isPrincipal = isPrincipal
        self.home = home
        self.membersKey = membersKey
    }

    /// A collection of anything (`other`, and every type that is not known).
    public static var plain: CollectionKind { CollectionKind(type: "other", resourceTypes: []) }
    /// The type of a collection that is a principal.
    static let principalType = "principal"
    /// A collection that is a principal.
    public static var principal: CollectionKind {
        CollectionKind(type: principalType, resourceTypes: [.dav("principal")], isPrincipal: true)
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
    /// Told the version of the object once it is stored, nil when nobody wants to know.
    public let remember: ((ItemVersion) -> Void)?

    /// Makes it of its parts.
    public init(uid: String?, title: String?, remember: ((ItemVersion) -> Void)? = nil) {
        self.uid = uid
        self.title = title
        self.remember = remember
    }
}

/// The UIDs of the objects in a collection at one version.
public struct CollectionUIDs {
    /// The names of the objects that have a UID, in byte order.
    public let names: (_ uid: String) -> [ItemName]
    /// The UID of the object called `name`; nil when it has none or cannot be read.
    public let uid: (_ name: ItemName) -> String?

    /// Makes it of its parts.
    public init(names: @escaping (String) -> [ItemName], uid: @escaping (ItemName) -> String?) {
        self.names = names
        self.uid = uid
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
