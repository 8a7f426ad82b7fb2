import GitStore
import Store
import TestSupport
import Testing

/// The stores that keep the promises of `Store`.
enum StoreUnderTest: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case bare
    case worktree
    /// Bare repositories with their settings in Git's configuration.
    case gitConfig
    /// Bare repositories with their settings in a directory of the tree.
    case settingsFolder

    var testDescription: String { rawValue }

    /// An empty store, and the folder it lives in for as long as it is needed.
    func make() throws -> (store: any CollectionStore, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        switch self {
        case .memory: return (MemoryCollectionStore(), folder)
        case .bare, .gitConfig, .settingsFolder:
            return (try GitCollectionStore(root: folder.path, options: GitStoreOptions(fsync: false)), folder)
        case .worktree:
            let options = GitStoreOptions(fsync: false, worktree: true)
            return (try GitCollectionStore(root: folder.path, options: options), folder)
        }
    }

    /// Gives the collection at `name`, new and with a type, the form of settings that is tested.
    func settle(_ name: String, of store: any CollectionStore, in folder: TemporaryFolder) throws {
        switch self {
        case .memory, .bare, .worktree: break
        case .gitConfig:
            let config = try folder.read("\(name)/config")
            try folder.write(config + "[xandikos]\n\ttype = calendar\n", to: "\(name)/config")
        case .settingsFolder:
            let key = MetadataKey("availability")
            try store.update(metadata: [key: "x"], of: path(name), by: ana)
            try store.update(metadata: [key: nil], of: path(name), by: ana)
        }
    }
}
