public import HTTP
public import Store

/// A change of one object that a request is about to make, as the kind of its collection is told of it.
///
/// It is told under the collection's lock, when all other conditions hold.
public struct ObjectChange {
    /// What is done to the object.
    public enum Operation: Hashable, Sendable {
        /// It is written with a body of the request (PUT, POST).
        case write
        /// It is written as a copy of another object (COPY).
        case copy
        /// It comes from elsewhere, and goes away there (MOVE).
        case move
        /// It is deleted (DELETE), or leaves the collection (MOVE).
        case delete
    }

    /// What is done.
    public let operation: Operation
    /// The fields of the request.
    public let fields: Fields
    /// The collection.
    public let container: ContainerView
    /// The collection as it is now.
    public let snapshot: any Snapshot
    /// The name of the object.
    public let name: ItemName
    /// The object as it is now, nil when there is none.
    public let current: Item?
    /// What is to be stored, nil with a deletion.
    public let bytes: [UInt8]?
    /// Where the object comes from, with a COPY or MOVE.
    public let source: Resource?
    /// The context.
    public let context: Context

    /// The bytes of the object as it is now.
    public func currentBytes() throws(DAVError) -> [UInt8]? {
        guard let current else { return nil }
        return try storing { () throws(StoreError) in try snapshot.bytes(of: current.version) }
    }
}

/// What the kind of a collection makes of a change.
public struct ChangePlan {
    /// What is stored instead of what the request says; nil to store that.
    public var bytes: [UInt8]?
    /// Fields that go into the answer.
    public var fields: Fields
    /// Called when all of the change is stored but the change itself is not yet made (`UpdatePlan.beforeEntry`); not at all
    /// when what is stored is what was there.
    public var beforeEntry: ((EntryID) throws(StoreError) -> Void)?
    /// Called when the change is stored, and the lock is free.
    public var afterwards: (() -> Void)?
    /// Called instead when the change was not made after all.
    public var otherwise: (() -> Void)?

    /// Makes a plan.
    public init(
        bytes: [UInt8]? = nil, fields: Fields = [:],
        beforeEntry: ((EntryID) throws(StoreError) -> Void)? = nil, afterwards: (() -> Void)? = nil,
        otherwise: (() -> Void)? = nil
    ) {
        self.beforeEntry = beforeEntry
        self.bytes = bytes
        self.fields = fields
        self.afterwards = afterwards
        self.otherwise = otherwise
    }
}

/// What follows from changes of the objects in collections of one kind.
public struct ChangeRules {
    /// Decides on a change of an object; nil for one without consequences.
    public let plan: (ObjectChange) throws(DAVError) -> ChangePlan?
    /// Fields that a GET of an object, whose bytes are given, answers besides the usual ones.
    public let fields: (Resource, [UInt8], Context) throws(DAVError) -> Fields
    /// Throws unless a condition of a request on an object that is the source of a COPY or MOVE holds.
    public let check: (Fields, Resource, Context) throws(DAVError) -> Void
    /// Decides on the deletion of a whole collection; what is returned is called when it is gone.
    public let remove: (ContainerView, Context) throws(DAVError) -> (() -> Void)?

    /// Makes rules.
    public init(
        plan: @escaping (ObjectChange) throws(DAVError) -> ChangePlan?,
        fields: @escaping (Resource, [UInt8], Context) throws(DAVError) -> Fields,
        check: @escaping (Fields, Resource, Context) throws(DAVError) -> Void,
        remove: @escaping (ContainerView, Context) throws(DAVError) -> (() -> Void)?
    ) {
        self.plan = plan
        self.fields = fields
        self.check = check
        self.remove = remove
    }
}
