import Gateway
import HTTP
public import Store
public import WebDAV

extension Dispatcher {
    /// Writes all objects of a document into the collection at `path` as one entry of its history, or none of them; for who
    /// owns the data root, so nobody's privileges count.
    ///
    /// - Parameters:
    ///   - document: a calendar, or vCards.
    ///   - path: the collection.
    ///   - author: who makes the change.
    /// - Returns: what became of each object, in their order.
    /// - Throws: what concerns all of them.
    public func importDocument(
        _ document: [UInt8], into path: StorePath, by author: Author
    ) throws(DAVError) -> [ImportOutcome] {
        let context = Context(
            store: store, features: features, principals: principals, user: principals.owner(of: path),
            author: author, prefix: Path(segments: [], endsInSlash: true), limits: configuration.limits,
            now: SystemTime.now() / 1000, log: { [log] message in log.note(message, id: "import") })
        return try context.importDocument(document, into: path)
    }
}
