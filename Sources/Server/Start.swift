import CalDAV
import GitStore
import HTTP
import Index
public import Store
import WebDAV

/// Why a worker cannot start.
public enum StartError: Error, CustomStringConvertible {
    /// The data root cannot be used.
    case dataRoot(String, StoreError)
    /// A path in the configuration is not one.
    case path(option: String, value: String)

    /// The sentence for the log.
    public var description: String {
        switch self {
        case .dataRoot(let directory, .notFound):
            "there is no directory \(directory); make it, or start with --autocreate or --defaults"
        case .dataRoot(let directory, let error): "the directory \(directory) cannot be used: \(error)"
        case .path(let option, let value): "\(option): \(value) is not a path below the data root"
        }
    }
}

extension Dispatcher {
    /// Opens the store; with `autocreate`, `defaults` or `multiUser` its directory is made when it is missing.
    static func openStore(_ configuration: Configuration) throws(StartError) -> GitCollectionStore {
        do throws(StoreError) {
            if configuration.autocreate || configuration.defaults || configuration.multiUser {
                try GitCollectionStore.makeRoot(configuration.directory)
            }
            return try GitCollectionStore(
                root: configuration.directory,
                options: GitStoreOptions(fsync: !configuration.noFsync, worktree: configuration.worktree))
        } catch {
            throw .dataRoot(configuration.directory, error)
        }
    }

    /// The index of the data root, which all workers share; it is made when it is first used.
    static func openIndex(_ configuration: Configuration, log: AccessLog) -> RecordIndex {
        RecordIndex(
            directory: configuration.indexDirectory,
            options: RecordIndexOptions { log.note($0) })
    }

    static func starting(
        _ configuration: Configuration, _ body: () throws(StoreError) -> Void
    ) throws(StartError) {
        do throws(StoreError) {
            try body()
        } catch {
            throw .dataRoot(configuration.directory, error)
        }
    }
}

extension Configuration {
    /// The way to calendar users who are no principals.
    var outbound: any OutboundMessages {
        sendsMail ? QueuedMessages(self) : NoOutboundMessages()
    }

    /// What schedules: nothing where there is nobody to schedule with.
    func scheduling(_ outbound: any OutboundMessages) -> SchedulingServices? {
        guard multiUser || outbound.isOpen || takesMail else { return nil }
        return SchedulingServices(
            outbound: outbound, journal: FileJournal(root: directory, fsync: !noFsync),
            mailDomain: mailDomain,
            inboxDays: inboxDays)
    }
}

extension Principals {
    /// The principals that the configuration asks for.
    init(_ configuration: Configuration) throws(StartError) {
        if configuration.multiUser {
            self = .multiple(
                prefix: try StorePath(option: "--principal-path-prefix", configuration.principalPrefix),
                suffix: try StorePath(option: "--principal-path-suffix", configuration.principalSuffix))
        } else {
            self = .single(
                try StorePath(option: "--current-user-principal", configuration.currentUserPrincipal))
        }
    }
}

extension StorePath {
    /// Reads a path in the store from the value of an option, percent-encoded or not.
    fileprivate init(option: String, _ value: String) throws(StartError) {
        guard let path = try? Path(parsing: value) else { throw .path(option: option, value: value) }
        var names: [ItemName] = []
        for segment in path.segments {
            guard let name = ItemName(segment), !name.isHidden else {
                throw .path(option: option, value: value)
            }
            names.append(name)
        }
        self.init(names)
    }
}

extension Configuration {
    /// Where the index of the data root is.
    var indexDirectory: String { directory + "/.artemisios/index" }

    /// The path that the tree is mounted at, for a request: as configured, else as the web server says.
    func prefix(for request: Request) -> Path {
        let text = routePrefix ?? request.scriptName
        guard !text.isEmpty, let path = try? Path(parsing: text) else {
            return Path(segments: [], endsInSlash: true)
        }
        return path
    }
}
