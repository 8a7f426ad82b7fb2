import Gateway
import HTTP
import Index
import Store
import WebDAV

extension Dispatcher {
    /// Fills the index with what it does not know of the collections, unless another worker is at it.
    ///
    /// What fails here fails nothing: who asks for the collection later is told.
    public func fillIndex() {
        guard let right = FillRight(directory: configuration.indexDirectory) else { return }
        fill(.root)
        _ = consume right
    }

    private func fill(_ path: StorePath) {
        // One for each collection, so that no more than one is held.
        let context = Context(
            store: store, features: features, principals: principals, user: nil,
            author: Author(name: "Artemisios", email: "artemisios@localhost"),
            prefix: Path(segments: [], endsInSlash: true), limits: configuration.limits,
            now: SystemTime.now() / 1000, log: { [log] in log.note($0) })
        do throws(DAVError) {
            guard let container = try context.container(at: path) else { return }
            if container.storage == .collection, let uids = container.kind.uids {
                _ = try uids(container, try container.snapshot(), context)
            }
        } catch {
            log.note("\(path): \(error.details ?? error.status.description)")
        }
        do throws(StoreError) {
            for name in try store.children(of: path) { fill(path.appending(name)) }
        } catch {
            log.note("\(path): \(error)")
        }
    }
}
